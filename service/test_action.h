// One action, tried with a change that nobody has made: what `test-action` does.
//
// Any thread; blocks for as long as the action does. The change is of a key that says what it is for,
// and is marked as a test in its watch and tags, so that whoever gets it can tell.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "change/change.h"
#include "delivery/action.h"
#include "platform/clock.h"
#include "platform/process.h"
#include "settings/settings.h"

namespace regwatch {

[[nodiscard]] Change test_change(WallTime now);

// Nothing when the action did what it is for. An error when there is no such action, or when it is one
// that a test could do harm with.
using MakeAction = std::function<Result<std::unique_ptr<Action>>(const ActionSettings&)>;
[[nodiscard]] Result<std::optional<ActionFailure>> test_action(const Settings& settings,
                                                               const std::string& name,
                                                               const MakeAction& make,
                                                               WallTime now);

// Runs programs by another one, which outlives it, and remembers how the last of them went: an action
// itself has no use for the output of a program that did not fail. One thread at a time.
class RememberingRunner final : public ProcessRunner {
public:
    RememberingRunner(ProcessRunner& runner, const Clock& clock) : runner_(runner), clock_(clock) {}

    struct Run {
        ProcessOutcome outcome;
        Duration took{};
    };
    Result<ProcessOutcome> run(const ProcessSpec& spec) override;
    void cancel_all() noexcept override { runner_.cancel_all(); }

    [[nodiscard]] const std::optional<Run>& last() const noexcept { return last_; }

private:
    ProcessRunner& runner_;
    const Clock& clock_;
    std::optional<Run> last_;
};

// Lines for people: how it ended, how long it took, and what it wrote, of which nothing can act on the
// terminal.
[[nodiscard]] std::vector<std::string> run_report(const RememberingRunner::Run& run);

}  // namespace regwatch
