#include "e2e/config.h"

#include <nlohmann/json.hpp>

namespace regwatch::e2e {

using nlohmann::json;

std::string config_for(const std::vector<std::string>& keys) {
    return config_for(keys, {{"log", {{"type", "log"}}}});
}

std::string config_for(const std::vector<std::string>& keys, const json& actions) {
    const json watch = {{"name", "test"}, {"keys", keys}};
    return json{{"watches", json::array({watch})}, {"actions", actions}}.dump();
}

}  // namespace regwatch::e2e
