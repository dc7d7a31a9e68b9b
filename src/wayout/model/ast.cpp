#include "wayout/model/ast.hpp"

#include <charconv>
#include <optional>

#include "wayout/base/text.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {
namespace {

struct Token {
  enum class Kind {
    End,
    Word,
    Number,
    Open,
    Close,
    Comma,
    Not,
    And,
    Or,
    If,
    Arrow,
    Iff,
    Compare,
    Bad
  };
  Kind kind = Kind::End;
  std::string text;
  std::int64_t number = 0;
  CompareOp op = CompareOp::Equal;
  int offset = 0;
  std::string hint;  // for Bad
};

bool word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    Token t;
    t.offset = static_cast<int>(at_);
    if (at_ >= text_.size()) return t;
    const char c = text_[at_];
    if (word_start(c)) return word(t);
    if (digit(c) || (c == '-' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) return number(t);
    return symbol(t);
  }

 private:
  Token word(Token t) {
    const std::size_t start = at_;
    while (at_ < text_.size() && (word_start(text_[at_]) || digit(text_[at_]))) ++at_;
    t.text = std::string(text_.substr(start, at_ - start));
    t.kind = Token::Kind::Word;
    if (t.text == "not") t.kind = Token::Kind::Not;
    if (t.text == "and") t.kind = Token::Kind::And;
    if (t.text == "or") t.kind = Token::Kind::Or;
    if (t.text == "if") t.kind = Token::Kind::If;
    if (t.text == "iff") t.kind = Token::Kind::Iff;
    return t;
  }

  Token number(Token t) {
    const std::size_t start = at_;
    if (text_[at_] == '-') ++at_;
    while (at_ < text_.size() && digit(text_[at_])) ++at_;
    t.text = std::string(text_.substr(start, at_ - start));
    t.kind = Token::Kind::Number;
    const auto [end, ec] = std::from_chars(t.text.data(), t.text.data() + t.text.size(), t.number);
    if (ec != std::errc{} || end != t.text.data() + t.text.size()) {
      t.kind = Token::Kind::Bad;
      t.hint = "the number is too large";
    } else if (at_ < text_.size() && (word_start(text_[at_]) || text_[at_] == '.')) {
      t.kind = Token::Kind::Bad;
      t.hint = "levels are whole numbers or names; a name starts with a letter";
    }
    return t;
  }

  Token symbol(Token t) {
    static constexpr struct {
      std::string_view text;
      Token::Kind kind;
      CompareOp op;
    } kSymbols[] = {
        {"<->", Token::Kind::Iff, CompareOp::Equal},
        {"->", Token::Kind::Arrow, CompareOp::Equal},
        {"==", Token::Kind::Compare, CompareOp::Equal},
        {"!=", Token::Kind::Compare, CompareOp::NotEqual},
        {"<=", Token::Kind::Compare, CompareOp::LessEqual},
        {">=", Token::Kind::Compare, CompareOp::GreaterEqual},
        {"&&", Token::Kind::And, CompareOp::Equal},
        {"||", Token::Kind::Or, CompareOp::Equal},
        {"<", Token::Kind::Compare, CompareOp::Less},
        {">", Token::Kind::Compare, CompareOp::Greater},
        {"&", Token::Kind::And, CompareOp::Equal},
        {"|", Token::Kind::Or, CompareOp::Equal},
        {"!", Token::Kind::Not, CompareOp::Equal},
        {"(", Token::Kind::Open, CompareOp::Equal},
        {")", Token::Kind::Close, CompareOp::Equal},
        {",", Token::Kind::Comma, CompareOp::Equal},
    };
    const std::string_view rest = text_.substr(at_);
    for (const auto& symbol : kSymbols) {
      if (rest.substr(0, symbol.text.size()) == symbol.text) {
        t.kind = symbol.kind;
        t.op = symbol.op;
        t.text = std::string(symbol.text);
        at_ += symbol.text.size();
        return t;
      }
    }
    t.kind = Token::Kind::Bad;
    // A whole UTF-8 character, so that a message never cuts one in two.
    std::size_t size = 1;
    while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0u) == 0x80u) ++size;
    t.text = std::string(rest.substr(0, size));
    if (t.text == "=") t.hint = "equality is written ==";
    at_ += size;
    return t;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Result<Ast> run() {
    if (token_.kind == Token::Kind::End)
      return error("the expression is empty", 0, "true holds always");
    const int root = parse_iff(0);
    if (failed_) return Unexpected{*failed_};
    if (token_.kind != Token::Kind::End) {
      unexpected("after the end of the expression");
      return Unexpected{*failed_};
    }
    ast_.root = root;
    return std::move(ast_);
  }

 private:
  using Kind = AstNode::Kind;

  Unexpected<Errors> error(std::string message, int offset, std::string hint = {}) {
    Where where;
    where.offset = offset;
    return fault("expression", std::move(message), where, std::move(hint));
  }

  int fail(std::string message, int offset, std::string hint = {}) {
    if (!failed_) failed_ = error(std::move(message), offset, std::move(hint)).error;
    return -1;
  }

  int unexpected(std::string_view where) {
    if (token_.kind == Token::Kind::End)
      return fail("the expression ends too early", token_.offset);
    std::string hint = token_.hint;
    if (hint.empty() && token_.kind == Token::Kind::Word)
      hint = "join conditions with and, or, if, iff";
    return fail("'" + token_.text + "' is not expected " + std::string(where), token_.offset, hint);
  }

  void advance() { token_ = lexer_.next(); }

  int add(AstNode node) {
    if (ast_.nodes.size() >= Limits::kExpressionNodes)
      return fail("the expression has more than " + with_commas(Limits::kExpressionNodes) +
                      " parts, which is the limit",
                  node.offset, "name pieces of it with [[define]]");
    ast_.nodes.push_back(std::move(node));
    return static_cast<int>(ast_.nodes.size()) - 1;
  }

  bool too_deep(std::size_t depth) {
    if (depth < Limits::kExpressionDepth) return false;
    fail("the expression is nested more than " + std::to_string(Limits::kExpressionDepth) +
             " deep, which is the limit",
         token_.offset, "name pieces of it with [[define]]");
    return true;
  }

  int binary(Kind kind, int a, int b, int offset) {
    AstNode n;
    n.kind = kind;
    n.kids = {a, b};
    n.offset = offset;
    return add(std::move(n));
  }

  // Chains of one operator are met by loops, so that only real nesting counts as depth.
  int parse_iff(std::size_t depth) {
    if (too_deep(depth)) return -1;
    const int offset = token_.offset;
    int left = parse_implies(depth);
    std::size_t links = 0;
    while (!failed_ && token_.kind == Token::Kind::Iff) {
      if (too_deep(depth + ++links)) return -1;
      advance();
      const int right = parse_implies(depth);
      if (failed_) return -1;
      left = binary(Kind::Iff, left, right, offset);
    }
    return left;
  }

  int parse_implies(std::size_t depth) {
    if (too_deep(depth)) return -1;
    const int offset = token_.offset;
    int left = parse_or(depth);
    if (failed_) return -1;
    if (token_.kind == Token::Kind::Arrow) {
      advance();
      const int right = parse_implies(depth + 1);  // a -> b -> c is a -> (b -> c)
      if (failed_) return -1;
      if (token_.kind == Token::Kind::If) return mixed();
      return binary(Kind::Implies, left, right, offset);
    }
    std::size_t links = 0;
    while (token_.kind == Token::Kind::If) {  // a if b if c is (a if b) if c
      if (too_deep(depth + ++links)) return -1;
      advance();
      const int condition = parse_or(depth);
      if (failed_) return -1;
      if (token_.kind == Token::Kind::Arrow) return mixed();
      left = binary(Kind::Implies, condition, left, offset);
    }
    return left;
  }

  int mixed() {
    return fail("'if' and '->' stand in one chain, which can be read in two ways", token_.offset,
                "use parentheses");
  }

  int parse_many(std::size_t depth, Token::Kind token, Kind kind) {
    if (too_deep(depth)) return -1;
    const int offset = token_.offset;
    const bool is_or = kind == Kind::Or;
    int first = is_or ? parse_many(depth, Token::Kind::And, Kind::And) : parse_not(depth);
    if (failed_ || token_.kind != token) return first;
    AstNode n;
    n.kind = kind;
    n.offset = offset;
    n.kids.push_back(first);
    while (!failed_ && token_.kind == token) {
      advance();
      n.kids.push_back(is_or ? parse_many(depth, Token::Kind::And, Kind::And) : parse_not(depth));
    }
    if (failed_) return -1;
    return add(std::move(n));
  }

  int parse_or(std::size_t depth) { return parse_many(depth, Token::Kind::Or, Kind::Or); }

  int parse_not(std::size_t depth) {
    if (too_deep(depth)) return -1;
    if (token_.kind != Token::Kind::Not) return parse_primary(depth);
    const int offset = token_.offset;
    advance();
    const int inner = parse_not(depth + 1);
    if (failed_) return -1;
    AstNode n;
    n.kind = Kind::Not;
    n.kids = {inner};
    n.offset = offset;
    return add(std::move(n));
  }

  int parse_primary(std::size_t depth) {
    if (token_.kind == Token::Kind::Open) {
      advance();
      const int inner = parse_iff(depth + 1);
      if (failed_) return -1;
      if (token_.kind != Token::Kind::Close) {
        return fail("a closing parenthesis is missing", token_.offset);
      }
      advance();
      return inner;
    }
    if (token_.kind != Token::Kind::Word) return unexpected("here");
    const Token name = token_;
    advance();
    if (name.text == "count" && token_.kind == Token::Kind::Open)
      return parse_count(depth, name.offset);
    AstNode n;
    n.offset = name.offset;
    n.name = name.text;
    if (token_.kind == Token::Kind::Compare) {
      n.kind = Kind::Compare;
      n.op = token_.op;
      advance();
      n.level_offset = token_.offset;
      if (token_.kind == Token::Kind::Number) {
        n.level_is_number = true;
        n.number = token_.number;
      } else if (token_.kind == Token::Kind::Word) {
        n.level = token_.text;
      } else {
        return unexpected("where a level's name or number should stand");
      }
      advance();
      if (token_.kind == Token::Kind::Compare)
        return fail("comparisons cannot be chained", token_.offset,
                    "join two comparisons with and");
      return add(std::move(n));
    }
    if (name.text == "true") {
      n.kind = Kind::True;
    } else if (name.text == "false") {
      n.kind = Kind::False;
    } else {
      n.kind = Kind::Name;
    }
    return add(std::move(n));
  }

  int parse_count(std::size_t depth, int offset) {
    advance();
    AstNode n;
    n.kind = Kind::Count;
    n.offset = offset;
    while (true) {
      n.kids.push_back(parse_iff(depth + 1));
      if (failed_) return -1;
      if (token_.kind == Token::Kind::Comma) {
        advance();
        continue;
      }
      break;
    }
    if (token_.kind != Token::Kind::Close)
      return fail("a closing parenthesis is missing after count(…", token_.offset);
    advance();
    if (token_.kind != Token::Kind::Compare)
      return fail("count(…) has to be compared with a number", token_.offset, "count(a, b) >= 1");
    n.op = token_.op;
    advance();
    if (token_.kind != Token::Kind::Number) return unexpected("where a number should stand");
    n.number = token_.number;
    n.level_offset = token_.offset;
    advance();
    return add(std::move(n));
  }

  Lexer lexer_;
  Token token_;
  Ast ast_;
  std::optional<Errors> failed_;
};

}  // namespace

Result<Ast> parse_expression(std::string_view text) { return Parser(text).run(); }

Result<std::vector<Assignment>> parse_assignments(std::string_view text) {
  std::vector<Assignment> out;
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && space(text[at])) ++at;
  };
  const auto word = [&] {
    const std::size_t start = at;
    while (at < text.size() && (word_start(text[at]) || digit(text[at]))) ++at;
    return std::string(text.substr(start, at - start));
  };
  while (true) {
    skip();
    Assignment a;
    a.offset = static_cast<int>(at);
    Where here;
    a.option = word();
    skip();
    here.offset = static_cast<int>(at);
    if (a.option.empty())
      return fault("assignment", "an option's id is expected here", here,
                   "treaty = false, patrols = some");
    if (at >= text.size() || text[at] != '=')
      return fault("assignment", "'=' is expected after '" + a.option + "'", here,
                   "treaty = false, patrols = some");
    ++at;
    if (at < text.size() && text[at] == '=') ++at;
    skip();
    here.offset = static_cast<int>(at);
    a.level = word();
    if (a.level.empty()) return fault("assignment", "a level is expected here", here);
    out.push_back(std::move(a));
    skip();
    if (at >= text.size()) return out;
    here.offset = static_cast<int>(at);
    if (text[at] != ',' && text.substr(at, 3) != "and")
      return fault("assignment", "',' is expected between assignments", here);
    at += text[at] == ',' ? 1 : 3;
  }
}

}  // namespace wayout
