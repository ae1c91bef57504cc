// What a program gets: the change as one JSON document on stdin, and a few REGWATCH_* variables that
// cannot hold anything an attacker chose. Names and data from the registry are on stdin only, never in
// the command line and never in the environment, because batch files expand both a second time.
#include <chrono>

#include "action/actions.h"
#include "change/json.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// As much of a program's output as helps to see why it failed.
constexpr std::size_t kShownOutput = 1000;

std::string shown(const ProcessOutcome& outcome) {
    if (outcome.output.empty()) return "it wrote nothing.";
    std::string tail = outcome.output;
    if (tail.size() > kShownOutput) tail.erase(0, tail.size() - kShownOutput);
    return "the end of its output: " + readable(tail);
}

class ProgramAction final : public Action {
public:
    ProgramAction(const ProgramSettings& settings, RecordContext context, ProcessRunner& processes)
        : context_(std::move(context)), processes_(processes) {
        spec_.file = settings.file;
        spec_.arguments = settings.arguments;
        spec_.working_directory = settings.working_directory;
        spec_.timeout = settings.timeout;
    }

    std::optional<ActionFailure> deliver(const Change& change) override {
        ProcessSpec spec = spec_;
        spec.input = to_json_line(change, context_) + "\n";
        spec.environment = {{"REGWATCH_ID", change.id},
                            {"REGWATCH_SEQUENCE", std::to_string(change.sequence)},
                            {"REGWATCH_WATCH", change.watch},
                            {"REGWATCH_SEVERITY", name_of(change.severity)},
                            {"REGWATCH_DETECTION", name_of(change.detection)}};
        const auto outcome = processes_.run(spec);
        if (!outcome) {
            return ActionFailure{EventId::program_not_started, outcome.error().text() + "."};
        }
        return failure_of(*outcome);
    }

    void cancel() noexcept override { processes_.cancel_all(); }

private:
    [[nodiscard]] std::optional<ActionFailure> failure_of(const ProcessOutcome& outcome) const {
        switch (outcome.end) {
            case ProcessOutcome::End::timed_out: {
                const auto seconds = std::chrono::duration<double>(spec_.timeout).count();
                return ActionFailure{EventId::program_timed_out, "it did not end within " +
                                                                     std::to_string(seconds) +
                                                                     " seconds; " + shown(outcome)};
            }
            case ProcessOutcome::End::cancelled:
                return ActionFailure{EventId::program_failed,
                                     "it was ended, or not begun, because the service stops."};
            case ProcessOutcome::End::exited:
                break;
        }
        if (outcome.exit_code == 0) return std::nullopt;
        return ActionFailure{
            EventId::program_failed,
            "it ended with exit code " + std::to_string(outcome.exit_code) + "; " + shown(outcome)};
    }

    ProcessSpec spec_;
    const RecordContext context_;
    ProcessRunner& processes_;
};

}  // namespace

std::unique_ptr<Action> make_program_action(const ProgramSettings& settings,
                                            const ActionContext& context,
                                            ProcessRunner& processes) {
    return std::make_unique<ProgramAction>(settings, RecordContext{context.host_name}, processes);
}

}  // namespace regwatch
