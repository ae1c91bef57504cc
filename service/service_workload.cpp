#include "service/service_workload.h"

#include <utility>

#include "service/config_file.h"
#include "service/state_folder.h"

namespace regwatch {

ServiceWorkload::ServiceWorkload(ServicePlan plan, Platform& platform)
    : plan_(std::move(plan)),
      platform_(platform),
      store_(SqliteStore::Options{.folder = state_folder(plan_.data_directory)}, platform.clock) {}

std::optional<StartFailure> ServiceWorkload::start(const std::function<void()>& step_done) {
    if (plan_.prepare_data_directory) {
        const auto prepared = plan_.prepare_data_directory();
        if (!prepared) return tell({StartStep::data_directory, prepared.error().text()});
        step_done();
    }
    if (auto failure = take_state()) return failure;
    const auto loaded = load_config(plan_.config);
    if (!loaded) {
        // The step already says what was being done.
        const Error& error = loaded.error();
        return tell({StartStep::reading_config, error.subject + ": " + error.reason});
    }
    step_done();
    if (!loaded->settings) return tell_problems(loaded->problems);
    const Settings& settings = *loaded->settings;
    platform_.journal.write({EventId::config_loaded,
                             {plan_.config, std::to_string(settings.watches.size()),
                              std::to_string(settings.actions.size())}});
    step_done();
    if (auto failure = start_engine(settings, step_done)) return tell(std::move(*failure));
    return std::nullopt;
}

// Whatever else is wrong with the state, watching goes on without; two services would fight over it.
std::optional<StartFailure> ServiceWorkload::take_state() {
    const auto taken = store_.take();
    if (taken || store_.state() != StoreState::in_use) return std::nullopt;
    return tell({StartStep::data_directory, taken.error().text() + "."});
}

std::optional<StartFailure> ServiceWorkload::start_engine(const Settings& settings,
                                                          const std::function<void()>& step_done) {
    EngineOptions options;
    options.context = {plan_.data_directory, plan_.host_name};
    options.store = &store_;
    auto failure = runner_.start(settings, std::move(options), platform_, step_done);
    if (failure || runner_.stop_requested()) return failure;
    platform_.journal.write(
        {EventId::service_started,
         {REGWATCH_VERSION, plan_.config, std::to_string(settings.watches.size()),
          std::to_string(settings.actions.size())}});
    return std::nullopt;
}

void ServiceWorkload::stop(Duration deadline) {
    const StopReport report = runner_.stop(deadline);
    if (!report.in_time)
        platform_.journal.write(
            {EventId::stop_was_slow,
             {"delivering", std::to_string(report.undelivered) + " change(s) were left."}});
    platform_.journal.write({EventId::service_stopped, {std::to_string(report.changes)}});
}

StartFailure ServiceWorkload::tell(StartFailure failure) const {
    platform_.journal.write({EventId::service_failed, {doing(failure.step), failure.reason}});
    return failure;
}

StartFailure ServiceWorkload::tell_problems(const std::vector<Problem>& problems) const {
    std::string all;
    for (const Problem& problem : problems) all += (all.empty() ? "" : " | ") + problem.text();
    platform_.journal.write(
        {EventId::config_invalid, {plan_.config, std::to_string(problems.size()), all}});
    return {StartStep::checking_config, std::move(all)};
}

}  // namespace regwatch
