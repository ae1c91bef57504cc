// Every point in which Windows and Wine behave differently towards this project, by name.
//
// Tests ask by these names instead of by system, so that this list is the whole list. Where the
// documentation of Windows leaves both open, a test has to accept both; those names begin with
// "may_". The simulated kernels of tests/sim are built after the same list.
#pragma once

#include <ostream>

namespace regwatch::test {

enum class System { windows, wine };

inline std::ostream& operator<<(std::ostream& out, System system) {
    return out << (system == System::wine ? "Wine" : "Windows");
}

// Wine notifies only whoever is registered on the parent (its server has no event for the key
// itself); Windows 8 and later notify both. Old Windows documentation says as Wine does.
[[nodiscard]] constexpr bool deleting_the_watched_key_signals(System system) {
    return system == System::windows;
}

// The kernel of Windows keeps "a change came while nobody was registered" for each handle, so that
// the next registration may be signalled at once. Documented for NT, 2000 and XP only; the bit is
// still there in Windows 10. Wine forgets such a change.
[[nodiscard]] constexpr bool may_signal_for_a_change_before_the_registration(System system) {
    return system == System::windows;
}

// Writing the data that is there already: skipped by Wine, up to the version on Windows.
[[nodiscard]] constexpr bool may_signal_for_writing_the_same_data(System system) {
    return system == System::windows;
}

// A new owner or new permissions: Wine tells nobody.
[[nodiscard]] constexpr bool changing_the_security_signals(System system) {
    return system == System::windows;
}

// A rename of the watched key. Both tell those who watch a subtree above it; Windows promises nothing
// more, and nothing for those who watch the names of the parent.
[[nodiscard]] constexpr bool renaming_the_watched_key_signals(System system) {
    return system == System::wine;
}

// Wine keeps no limits of a job object: not the number of its processes, and not their memory.
[[nodiscard]] constexpr bool limits_of_a_job_are_kept(System system) {
    return system == System::windows;
}

// Two more differences do not reach those who use the ports, and stand in sim/kernel_rules.h alone:
// Wine has no thread affinity of registrations, and its pool may call back after a drain.

}  // namespace regwatch::test
