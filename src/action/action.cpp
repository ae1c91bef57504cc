#include "action/action.h"

#include "action/actions.h"

namespace regwatch {
namespace {

struct Maker {
    const ActionContext& context;
    Platform& platform;

    std::unique_ptr<Action> operator()(const LogSettings& settings) const {
        return make_log_action(settings, context, platform.files, platform.clock);
    }
    std::unique_ptr<Action> operator()(const EventLogSettings&) const {
        return make_event_log_action(platform.event_log);
    }
    std::unique_ptr<Action> operator()(const ProgramSettings& settings) const {
        return make_program_action(settings, context, platform.processes);
    }
};

}  // namespace

std::unique_ptr<Action> make_action(const ActionSettings& settings, const ActionContext& context,
                                    Platform& platform) {
    return std::visit(Maker{context, platform}, settings.what);
}

}  // namespace regwatch
