#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kmsg {

/**
 * Removes an element from a full list of moments (`at_us`, oldest first) so that the gaps grow with
 * age: the one whose absence leaves the smallest gap for how old it is. First and last stay.
 */
template <typename Moment>
void ThinOut(std::vector<Moment>* moments) {
  if (moments->size() < 3) {
    if (!moments->empty()) moments->erase(moments->begin());
    return;
  }
  const uint64_t newest = moments->back().at_us;
  size_t least = 1;
  double least_gap = -1;
  for (size_t i = 1; i + 1 < moments->size(); i++) {
    const double gap = static_cast<double>((*moments)[i + 1].at_us - (*moments)[i - 1].at_us);
    const double age = static_cast<double>(newest - (*moments)[i].at_us) + 1;
    if (least_gap >= 0 && gap / age >= least_gap) continue;
    least_gap = gap / age;
    least = i;
  }
  moments->erase(moments->begin() + static_cast<std::ptrdiff_t>(least));
}

/** Forgets what is older than `from_us`. */
template <typename Moment>
void ForgetBefore(uint64_t from_us, std::vector<Moment>* moments) {
  size_t old = 0;
  while (old < moments->size() && (*moments)[old].at_us < from_us) old++;
  moments->erase(moments->begin(), moments->begin() + static_cast<std::ptrdiff_t>(old));
}

}  // namespace kmsg
