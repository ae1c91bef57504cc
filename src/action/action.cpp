#include "action/action.h"

#include "action/actions.h"
#include "delivery/paced_action.h"
#include "delivery/retrying_action.h"

namespace regwatch {
namespace {

struct Maker {
    const std::string& name;
    const ActionContext& context;
    Platform& platform;

    Result<std::unique_ptr<Action>> operator()(const LogSettings& settings) const {
        auto folder = log_folder(settings, context, platform.files);
        if (!folder) return std::move(folder).error();
        return make_log_action(settings, name, std::move(*folder), context,
                               {platform.files, platform.clock, platform.journal});
    }
    Result<std::unique_ptr<Action>> operator()(const EventLogSettings&) const {
        return make_event_log_action(platform.event_log);
    }
    Result<std::unique_ptr<Action>> operator()(const ProgramSettings& settings) const {
        return make_program_action(
            settings, name, context,
            {platform.processes, platform.program_files, platform.clock, platform.journal});
    }
    Result<std::unique_ptr<Action>> operator()(const RestoreSettings&) const {
        return make_restore_action(
            name, context,
            {platform.registry_writer, platform.registry, platform.files, platform.clock,
             platform.journal, context.writing, context.given_up});
    }
};

}  // namespace

Result<std::unique_ptr<Action>> make_bare_action(const ActionSettings& settings,
                                                 const ActionContext& context, Platform& platform) {
    return std::visit(Maker{settings.name, context, platform}, settings.what);
}

Result<std::unique_ptr<Action>> make_action(const ActionSettings& settings,
                                            const ActionContext& context, Platform& platform) {
    // The timers are those of the looks: as many actions as there are threads for them may wait for
    // one, and then no thread would be left on which it could run.
    RetryPolicy retry;
    retry.patience = settings.retry_for;
    auto bare = make_bare_action(settings, context, platform);
    if (!bare) return bare;
    auto action =
        std::make_unique<RetryingAction>(settings.name, std::move(*bare), retry,
                                         platform.look_executor, platform.clock, platform.journal);
    return PacedAction::create(settings.name, std::move(action),
                               {{settings.rate_limit, settings.total_rate_limit},
                                context.mutes,
                                context.limit_in_all,
                                context.left_out},
                               platform.look_executor, platform.clock, platform.journal);
}

}  // namespace regwatch
