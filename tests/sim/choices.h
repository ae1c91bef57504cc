// Who decides, wherever a run could go on in more than one way.
//
// A run is a function of its choices: the same answers give the same run, to the last instruction.
// Answer 0 is always the plain course of events (the running thread goes on, nothing unusual
// happens). One OS thread; a source serves one run at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch::sim {

enum class Cost {
    free,           // somebody has to be chosen anyhow
    forced_switch,  // any answer but 0 takes the processor away from a thread that could go on
};

class ChoiceSource {
public:
    virtual ~ChoiceSource() = default;
    // A number below `count`, which is at least 2.
    virtual std::size_t choose(std::size_t count, Cost cost) = 0;
};

// Every course of events, depth first. With a bound, every one that has no more forced switches than
// that: most races need one or two, and the number of runs becomes a polynomial.
class DepthFirst final : public ChoiceSource {
public:
    static constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

    explicit DepthFirst(std::size_t max_forced_switches = kNoBound)
        : max_forced_switches_(max_forced_switches) {}

    std::size_t choose(std::size_t count, Cost cost) override;
    // Makes ready for the next course; false when there is none left.
    [[nodiscard]] bool advance();

private:
    struct Choice {
        std::size_t taken = 0;
        std::size_t count = 0;
    };
    std::vector<Choice> path_;
    std::size_t depth_ = 0;
    std::size_t forced_switches_ = 0;
    std::size_t max_forced_switches_;
};

// Seeded, so that a run can be had again. Forced switches are made at one point of four: where every
// point switches, nobody ever gets far.
class RandomChoices final : public ChoiceSource {
public:
    explicit RandomChoices(std::uint64_t seed) : engine_(seed) {}
    std::size_t choose(std::size_t count, Cost cost) override;

private:
    std::mt19937_64 engine_;
};

// The run that a schedule string describes: one base-36 digit per choice, zeros at the end left out.
// What comes after its end is the plain course.
class Replay final : public ChoiceSource {
public:
    explicit Replay(std::string_view schedule) : schedule_(schedule) {}
    std::size_t choose(std::size_t count, Cost cost) override;
    // False after a choice that the schedule has no valid answer for, and while it has answers to
    // choices that did not come: it belongs to another scenario, or to an older version of this one.
    [[nodiscard]] bool fits() const noexcept { return fits_ && depth_ >= schedule_.size(); }

private:
    std::string schedule_;
    std::size_t depth_ = 0;
    bool fits_ = true;
};

// Keeps what another source answers, as a schedule string.
class Recorder final : public ChoiceSource {
public:
    explicit Recorder(ChoiceSource& source) : source_(source) {}
    std::size_t choose(std::size_t count, Cost cost) override;
    [[nodiscard]] std::string schedule() const;
    [[nodiscard]] std::size_t depth() const noexcept { return taken_.size(); }

private:
    ChoiceSource& source_;
    std::vector<std::size_t> taken_;
};

}  // namespace regwatch::sim
