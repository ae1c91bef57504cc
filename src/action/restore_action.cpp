// Puts the old state back. See action/restorer.h for what it takes for its own writing and when it
// gives in.

#include "action/actions.h"
#include "action/given_up.h"
#include "action/restorer.h"
#include "change/line.h"
#include "platform/folder.h"
#include "text/sha256.h"

namespace regwatch {

namespace {

class RestoreAction final : public Action {
public:
    RestoreAction(std::string name, std::string memory, const RestorePorts& ports)
        : name_(std::move(name)),
          restorer_({ports.writer, ports.registry, ports.clock, ports.writing},
                    RestoredStates(ports.files, std::move(memory))),
          journal_(ports.journal),
          clock_(ports.clock),
          given_up_(ports.given_up) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        Restorer::Outcome outcome = restorer_.restore(change);
        keep_list(change, outcome.verdict);
        switch (outcome.verdict) {
            case Restorer::Verdict::restored:
                journal_.write({EventId::restored, {name_, to_line(change)}});
                return std::nullopt;
            case Restorer::Verdict::own_write:
                return std::nullopt;
            case Restorer::Verdict::overtaken:
                journal_.write({EventId::restore_overtaken,
                                {name_, to_line(change), std::move(outcome.reason)}});
                return std::nullopt;
            case Restorer::Verdict::resting:  // counted by the notice that began it
                journal_.write({EventId::not_restored, {name_, to_line(change)}});
                return std::nullopt;
            case Restorer::Verdict::gave_up:
                return ActionFailure{EventId::restore_gave_up, std::move(outcome.reason)};
            case Restorer::Verdict::failed:
                return ActionFailure{EventId::restore_failed, std::move(outcome.reason),
                                     outcome.is_passing};
            case Restorer::Verdict::put_off:
                return ActionFailure{EventId::restore_failed, std::move(outcome.reason), true,
                                     true};
            case Restorer::Verdict::not_undoable:
                break;
        }
        return ActionFailure{EventId::restore_failed, std::move(outcome.reason)};
    }

private:
    void keep_list(const Change& change, Restorer::Verdict verdict) {
        if (given_up_ == nullptr) return;
        const GivenUp one{name_, change.watch, object_text(change.key, value_of(change))};
        if (verdict == Restorer::Verdict::gave_up || verdict == Restorer::Verdict::resting) {
            given_up_->add(one, clock_.wall_now(), Restorer::rests_until(change));
        } else if (verdict == Restorer::Verdict::restored) {
            given_up_->remove(one);
        }
    }
    static std::optional<std::u16string> value_of(const Change& change) {
        if (!is_about_a_value(change.kind)) return std::nullopt;
        return change.value_name;
    }

    const std::string name_;
    Restorer restorer_;
    Journal& journal_;
    Clock& clock_;
    GivenUpList* const given_up_;
};

}  // namespace

std::unique_ptr<Action> make_restore_action(const std::string& name, const ActionContext& context,
                                            const RestorePorts& ports) {
    // The name may be one that no file can have.
    const std::vector<std::uint8_t> bytes(name.begin(), name.end());
    constexpr std::size_t kDigits = 16;
    std::string memory = join_path(join_path(context.data_directory, "state"),
                                   "restored-" + sha256(bytes).substr(0, kDigits) + ".txt");
    if (context.data_directory.empty()) memory.clear();
    return std::make_unique<RestoreAction>(name, std::move(memory), ports);
}

}  // namespace regwatch
