// Configurations for the tests: one watch, called "test". On any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace regwatch::e2e {

// Its changes go to the action "log".
[[nodiscard]] std::string config_for(const std::vector<std::string>& keys);
// Its changes go to all of these, an object as in the config.
[[nodiscard]] std::string config_for(const std::vector<std::string>& keys,
                                     const nlohmann::json& actions);

}  // namespace regwatch::e2e
