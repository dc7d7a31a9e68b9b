// Ids of different things do not mix, and are no numbers.
#include "wayout/base/ids.hpp"

#include <string>

#include "wayout/model/conflict.hpp"

using wayout::IdVector;
using wayout::OptionId;
using wayout::PartyId;

inline std::string name_of(const IdVector<PartyId, std::string>& names, PartyId party) {
  return names[party];
}

inline void use(const IdVector<PartyId, std::string>& names, PartyId party, OptionId option) {
  (void)option;
#if !defined(WRONG)
  (void)name_of(names, party);
  (void)(party == PartyId(1) && option < OptionId(2));
#elif WRONG == 1  // expect: could not convert|cannot convert|no matching function
  (void)name_of(names, option);
#elif WRONG == 2  // expect: no match for 'operator\[\]'|no viable overloaded operator
  (void)names[option];
#elif WRONG == 3  // expect: no match for 'operator=='|invalid operands
  (void)(party == option);
#elif WRONG == 4  // expect: could not convert|cannot convert|no matching function
  (void)name_of(names, 0);
#elif WRONG == 5  // expect: no match for 'operator\+'|invalid operands
  (void)(party + 1);
#elif WRONG == 6  // expect: cannot convert|no viable conversion
  const int number = party;
  (void)number;
#elif WRONG == 7  // expect: conversion from .* to non-scalar|no viable conversion
  const PartyId other = option;
  (void)other;
#endif
}
