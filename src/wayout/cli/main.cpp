#include "wayout/cli/cli.hpp"

int main(int argc, char** argv) { return wayout::cli::run(argc, argv); }
