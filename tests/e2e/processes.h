// What runs on this machine (under Wine: in this prefix). On the test's own thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace regwatch::e2e {

[[nodiscard]] std::size_t thread_count(std::uint32_t process_id);
// The ids of all processes of this executable, "regwatch.exe".
[[nodiscard]] std::vector<std::uint32_t> processes_of(const std::wstring& executable);

}  // namespace regwatch::e2e
