#include "service/doctor.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace regwatch {
namespace {

const char* name_of(Health health) noexcept {
    switch (health) {
        case Health::good:
            return "ok";
        case Health::unknown:
            return "unknown";
        case Health::bad:
            return "bad";
    }
    return "unknown";
}

std::string mark(Health health, Colour colour) {
    std::string text = health == Health::bad ? "[BAD]" : health == Health::good ? "[ok] " : "[?]  ";
    if (colour == Colour::never || health == Health::unknown) return text;
    return (health == Health::good ? "\x1b[32m" : "\x1b[31m") + text + "\x1b[0m";
}

}  // namespace

bool all_good(std::span<const Finding> findings) noexcept {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.health == Health::bad; });
}

std::string doctor_text(std::span<const Finding> findings, Colour colour) {
    std::string out;
    for (const Finding& finding : findings) {
        out += mark(finding.health, colour) + " " + finding.found + "\n";
        if (finding.health != Health::good && !finding.repair.empty())
            out += "      repair: " + finding.repair + "\n";
    }
    const auto bad = std::count_if(findings.begin(), findings.end(),
                                   [](const Finding& f) { return f.health == Health::bad; });
    return out +
           (bad == 0 ? "Nothing to repair.\n" : std::to_string(bad) + " thing(s) to repair.\n");
}

std::string doctor_json(std::span<const Finding> findings) {
    nlohmann::ordered_json checks = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
        nlohmann::ordered_json check = {{"check", finding.check},
                                        {"result", name_of(finding.health)},
                                        {"found", finding.found}};
        if (finding.health != Health::good && !finding.repair.empty())
            check["repair"] = finding.repair;
        checks.push_back(std::move(check));
    }
    const nlohmann::ordered_json report = {{"ok", all_good(findings)},
                                           {"checks", std::move(checks)}};
    return report.dump(4, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace regwatch
