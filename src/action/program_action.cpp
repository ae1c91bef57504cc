// What a program gets: the change as one JSON document on stdin, and a few REGWATCH_* variables that
// cannot hold anything an attacker chose. Names and data from the registry are on stdin only, never in
// the command line and never in the environment, because batch files expand both a second time.
//
// Before each run the file is held, so that nobody can exchange it between the check and the run, and
// checked: who may write to it, and whether it is still the one that the config names by its hash.

#include <bit>
#include <chrono>
#include <map>

#include "action/actions.h"
#include "action/file_trust.h"
#include "action/loop_guard.h"
#include "change/json.h"
#include "change/line.h"
#include "settings/values.h"
#include "text/utf.h"

namespace regwatch {

namespace {

// As much of a program's output as helps to see why it failed.
constexpr std::size_t kShownOutput = 1000;

std::string shown(const ProcessOutcome& outcome) {
    if (outcome.output.empty()) return "it wrote nothing.";
    std::string tail = outcome.output;
    if (tail.size() > kShownOutput) tail.erase(0, tail.size() - kShownOutput);
    return (outcome.output_truncated
                ? "the end of its output, which was too long to be kept whole: "
                : "the end of its output: ") +
           readable(tail);
}

class ProgramAction final : public Action {
public:
    ProgramAction(const ProgramSettings& settings, std::string name, RecordContext context,
                  const ProgramPorts& ports)
        : settings_(settings), name_(std::move(name)), context_(std::move(context)), ports_(ports) {
        spec_.file = settings.file;
        spec_.arguments = settings.arguments;
        spec_.working_directory = settings.working_directory;
        spec_.timeout = settings.timeout;
        spec_.output_limit = settings.output_limit;
        spec_.max_processes = settings.max_processes;
        spec_.max_memory = settings.max_memory;
        spec_.execution_policy = settings.execution_policy;
    }

    ~ProgramAction() override { tell_of(guard_.take_rest()); }
    ProgramAction(const ProgramAction&) = delete;
    ProgramAction& operator=(const ProgramAction&) = delete;

    std::optional<ActionFailure> deliver(const Change& change) override {
        const std::u16string key = change.key.folded();
        if (!may_run(key, change)) return loop_failure(key);
        const auto held = ports_.files.hold(settings_.file);
        if (!held) return not_started(held.error());
        if (auto failure = check(**held)) return failure;

        const WallTime begin = ports_.clock.wall_now();
        ProcessSpec spec = spec_for(change);
        spec.file = (*held)->path();
        const auto outcome = ports_.processes.run(spec);
        guard_.ran(key, begin, ports_.clock.wall_now());
        if (!outcome) return not_started(outcome.error());
        auto failure = failure_of(*outcome);
        if (!failure) tell_of_limits(*outcome, change);
        return failure;
    }

    void cancel() noexcept override { ports_.processes.cancel_all(); }

private:
    [[nodiscard]] ProcessSpec spec_for(const Change& change) const {
        ProcessSpec spec = spec_;
        spec.input = to_json_line(change, context_) + "\n";
        spec.environment = settings_.environment;
        // Ours last, so that the config cannot take their place.
        for (auto& variable : std::vector<std::pair<std::string, std::string>>{
                 {"REGWATCH_ID", change.id},
                 {"REGWATCH_SEQUENCE", std::to_string(change.sequence)},
                 {"REGWATCH_WATCH", change.watch},
                 {"REGWATCH_SEVERITY", name_of(change.severity)},
                 {"REGWATCH_DETECTION", name_of(change.detection)}})
            spec.environment.push_back(std::move(variable));
        return spec;
    }

    static ActionFailure not_started(const Error& error) {
        return {EventId::program_not_started, error.text() + ".",
                error.kind == ErrorKind::transient};
    }

    std::optional<ActionFailure> check(HeldFile& file) {
        if (const std::string why = ports_.files.no_owners_because(); !why.empty()) {
            warn_once(EventId::program_not_checked, why);
        } else {
            const auto complaint = complaint_about_places(file);
            if (!complaint) return not_started(complaint.error());
            if (!complaint->empty()) {
                if (settings_.unsafe_files == UnsafeFiles::refuse)
                    return ActionFailure{EventId::program_unsafe, *complaint + "."};
                warn_once(EventId::program_unsafe_but_run, *complaint + ".");
            }
        }
        if (settings_.sha256.empty()) return std::nullopt;
        const auto hash = file.sha256();
        if (!hash) return not_started(hash.error());
        if (*hash == settings_.sha256) return std::nullopt;
        return ActionFailure{EventId::program_exchanged,
                             settings_.file + " has the SHA-256 " + *hash +
                                 ", but the configuration names " + settings_.sha256 + "."};
    }

    // Also of the folder that it runs in, where a program may look for others first.
    Result<std::string> complaint_about_places(HeldFile& file) {
        const auto places = file.places();
        if (!places) return places.error();
        std::string complaint = complaint_about(*places);
        if (!complaint.empty() || settings_.working_directory.empty()) return complaint;
        const auto folders = ports_.files.places_of(settings_.working_directory);
        if (!folders) return folders.error();
        return complaint_about(*folders, PlaceRole::folder);
    }

    // Once for each reason, since the same file is run again and again.
    void warn_once(EventId id, const std::string& why) {
        if (why == warned_of_) return;
        warned_of_ = why;
        ports_.journal.write({id, {name_, settings_.file, why}});
    }

    // The key's own time says when it was written. Without it that was at some time between two looks, and
    // the one before the change may have been long ago.
    bool may_run(const std::u16string& key, const Change& change) {
        const WallTime written = change.key_last_write;
        const bool is_known = written != WallTime{};
        tell_of(guard_.take_ended(is_known ? written : change.detected_at));
        return guard_.may_run(key, change.sequence, is_known ? written : change.not_before,
                              is_known ? written : change.detected_at);
    }

    void tell_of(const std::vector<LoopGuard::Loop>& ended) const {
        for (const LoopGuard::Loop& loop : ended) {
            ports_.journal.write({EventId::program_loops,
                                  {name_, readable(loop.key),
                                   "it seemed to write what it is told of; left out in all: " +
                                       std::to_string(loop.refused) + "."}});
        }
    }

    // Not told for each change of a loop: at the first, second, fourth and so on, and at its end.
    [[nodiscard]] std::optional<ActionFailure> loop_failure(const std::u16string& key) const {
        const std::uint64_t refused = guard_.refused(key);
        if ((refused & (refused - 1)) != 0) return std::nullopt;
        return ActionFailure{EventId::program_loops,
                             "it seems to write what it is told of, and is not run for this key "
                             "until that was quiet for a minute; left out so far: " +
                                 std::to_string(refused) + "."};
    }

    [[nodiscard]] std::optional<ActionFailure> failure_of(const ProcessOutcome& outcome) const {
        switch (outcome.end) {
            case ProcessOutcome::End::timed_out: {
                const auto seconds = std::chrono::duration<double>(spec_.timeout).count();
                return ActionFailure{EventId::program_timed_out,
                                     "it did not end within " + std::to_string(seconds) +
                                         " seconds; " + limits_of_job(outcome) + shown(outcome)};
            }
            case ProcessOutcome::End::cancelled:
                return ActionFailure{EventId::program_failed,
                                     "it was ended, or not begun, because the service stops.",
                                     true};
            case ProcessOutcome::End::exited:
                break;
        }
        if (outcome.exit_code == 0) return std::nullopt;
        return ActionFailure{EventId::program_failed, "it ended with exit code " +
                                                          std::to_string(outcome.exit_code) + "; " +
                                                          limits_of_job(outcome) + shown(outcome)};
    }

    // What it did not get, each with "; " at its end.
    [[nodiscard]] std::string limits_of_job(const ProcessOutcome& outcome) const {
        std::string met;
        if (outcome.met_process_limit)
            met += "it was refused more than " + std::to_string(spec_.max_processes) +
                   " process(es) (max_processes); ";
        if (outcome.met_memory_limit)
            met += "it was refused more memory than " + size_text(spec_.max_memory) +
                   " (max_memory); ";
        return met;
    }

    // Of a run that is no failure, where nothing else would say so. Not for each run: at the first,
    // second, fourth and so on of the same kind.
    void tell_of_limits(const ProcessOutcome& outcome, const Change& change) {
        std::string met = limits_of_job(outcome);
        if (outcome.output_truncated)
            met += "of its output only the last " + size_text(spec_.output_limit) +
                   " were kept (output_limit); ";
        if (met.empty()) return;
        met.replace(met.size() - 2, 2, ".");
        const std::uint64_t runs = ++limited_runs_[met];
        if (std::has_single_bit(runs))
            ports_.journal.write(
                {EventId::program_limited, {name_, to_line(change), met, std::to_string(runs)}});
    }

    const ProgramSettings settings_;
    const std::string name_;
    const RecordContext context_;
    const ProgramPorts ports_;
    ProcessSpec spec_;
    LoopGuard guard_;
    std::string warned_of_;
    std::map<std::string, std::uint64_t> limited_runs_;  // by what limited them
};

}  // namespace

std::unique_ptr<Action> make_program_action(const ProgramSettings& settings,
                                            const std::string& name, const ActionContext& context,
                                            const ProgramPorts& ports) {
    return std::make_unique<ProgramAction>(settings, name, RecordContext{context.host_name}, ports);
}

}  // namespace regwatch
