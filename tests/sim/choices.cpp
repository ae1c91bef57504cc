#include "sim/choices.h"

namespace regwatch::sim {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

std::size_t DepthFirst::choose(std::size_t count, Cost cost) {
    if (depth_ == path_.size()) {
        const bool bound = cost == Cost::forced_switch && forced_switches_ >= max_forced_switches_;
        path_.push_back({.taken = 0, .count = bound ? 1 : count});
    }
    const std::size_t taken = path_[depth_++].taken;
    if (cost == Cost::forced_switch && taken != 0) ++forced_switches_;
    return taken;
}

bool DepthFirst::advance() {
    path_.resize(depth_);
    depth_ = 0;
    forced_switches_ = 0;
    while (!path_.empty() && path_.back().taken + 1 >= path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().taken;
    return true;
}

std::size_t RandomChoices::choose(std::size_t count, Cost cost) {
    if (cost == Cost::forced_switch && engine_() % 4 != 0) return 0;
    return static_cast<std::size_t>(engine_() % count);
}

std::size_t Replay::choose(std::size_t count, Cost) {
    if (depth_ >= schedule_.size()) return 0;
    const char digit = schedule_[depth_++];
    const std::size_t taken = kDigits.find(digit);
    if (taken < count) return taken;
    fits_ = false;
    return 0;
}

std::size_t Recorder::choose(std::size_t count, Cost cost) {
    taken_.push_back(source_.choose(count, cost));
    return taken_.back();
}

std::string Recorder::schedule() const {
    std::string text;
    text.reserve(taken_.size());
    for (const std::size_t taken : taken_) text += kDigits.at(taken);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

}  // namespace regwatch::sim
