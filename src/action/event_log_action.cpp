#include "action/actions.h"
#include "change/event_entry.h"

namespace regwatch {
namespace {

class EventLogAction final : public Action {
public:
    explicit EventLogAction(EventLog& log) : log_(log) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        const auto reported = log_.report(event_entry(change));
        if (reported) return std::nullopt;
        return ActionFailure{EventId::event_not_written, reported.error().text() + ".",
                             reported.error().kind == ErrorKind::transient};
    }

private:
    EventLog& log_;
};

}  // namespace

std::unique_ptr<Action> make_event_log_action(EventLog& log) {
    return std::make_unique<EventLogAction>(log);
}

}  // namespace regwatch
