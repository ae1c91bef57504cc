#include "service/service_workload.h"

#include <algorithm>
#include <utility>

#include "platform/folder.h"
#include "service/last_good.h"
#include "service/mutes.h"
#include "service/security_check.h"
#include "service/self_test.h"
#include "service/state_folder.h"
#include "service/status_report.h"
#include "text/time.h"

namespace regwatch {
namespace {

std::string joined(const std::vector<std::string>& problems) {
    std::string all;
    for (const std::string& problem : problems) all += (all.empty() ? "" : " | ") + problem;
    return all;
}

}  // namespace

ServiceWorkload::ServiceWorkload(ServicePlan plan, Platform& platform, const Ports& ports)
    : plan_(std::move(plan)),
      platform_(platform),
      ports_(ports),
      store_(SqliteStore::Options{.folder = state_folder(plan_.data_directory)}, platform.clock),
      mark_(state_folder(plan_.data_directory)) {}

std::optional<StartFailure> ServiceWorkload::start(const std::function<void()>& step_done) {
    started_at_ = to_iso_text(platform_.clock.wall_now());
    if (plan_.prepare_data_directory) {
        const auto prepared = plan_.prepare_data_directory();
        if (!prepared) return tell({StartStep::data_directory, prepared.error().text()});
        step_done();
    }
    if (auto failure = take_state()) return failure;
    watch_config();
    if (auto failure = find_config_for_start()) return failure;
    step_done();
    if (auto failure = start_engine(step_done)) return tell(std::move(*failure));
    return std::nullopt;
}

// Whatever else is wrong with the state, watching goes on without; two services would fight over it.
std::optional<StartFailure> ServiceWorkload::take_state() {
    const auto taken = store_.take();
    if (taken || store_.state() != StoreState::in_use) return std::nullopt;
    return tell({StartStep::data_directory, taken.error().text() + "."});
}

// Before the first reading, so that what is written after it is told.
void ServiceWorkload::watch_config() {
    if (!plan_.on_config_written) return;
    auto made = ConfigWatch::create(ports_.executor, ports_.file_watcher, plan_.on_config_written);
    if (!made) {
        platform_.journal.write(
            {EventId::config_not_watched, {plan_.config, made.error().text() + "."}});
        return;
    }
    watch_ = std::move(made).value();
    followed_ = {plan_.config};
    follow_config();
}

ServiceWorkload::Found ServiceWorkload::find_config() const {
    Found found;
    auto read = read_config(plan_.config);
    if (!read) {
        // The step already says what was being done.
        found.step = StartStep::reading_config;
        found.problems = {read.error().subject + ": " + read.error().reason};
        found.problem_count = 1;
        return found;
    }
    found.files = read->outcome.files;
    judge_on_this_machine(read->outcome, platform_.files);
    if (!read->outcome.settings) {
        found.step = StartStep::checking_config;
        found.problem_count = read->outcome.problem_count;
        for (const Problem& problem : read->outcome.problems)
            found.problems.push_back(problem.text());
        return found;
    }
    if (plan_.keeps_last_good) {
        found.problems = why_not_obeyed(*read->outcome.settings, plan_.data_directory, found.files,
                                        platform_.program_files);
    }
    if (found.problems.empty()) {
        found.good = std::move(read).value();
    } else {
        found.step = StartStep::checking_config;
        found.problem_count = found.problems.size();
        found.is_unsafe = true;
    }
    return found;
}

std::optional<StartFailure> ServiceWorkload::find_config_for_start() {
    Found found = find_config();
    follow_included(found.files);
    const std::string all = joined(found.problems);
    const std::string count = std::to_string(found.problem_count);
    // Where others may write, what was kept there may be theirs too.
    if (!found.good && plan_.keeps_last_good && !found.is_unsafe) {
        auto kept = load_last_good(state_file("config.lastgood.json"), plan_.config);
        if (kept && why_not_obeyed(*kept->config.outcome.settings, plan_.data_directory, {},
                                   platform_.program_files)
                        .empty()) {
            platform_.journal.write(
                {EventId::last_good_config_used, {plan_.config, kept->kept_at, count, all}});
            problems_ = std::move(found.problems);
            refused_at_ = found.step;
            last_good_in_use_ = true;
            found.good = std::move(kept->config);
        }
    }
    if (!found.good) {
        if (found.step == StartStep::reading_config) return tell({found.step, all});
        platform_.journal.write({EventId::config_invalid, {plan_.config, count, all}});
        return StartFailure{found.step, all};
    }
    config_ = std::move(*found.good);
    const Settings& settings = *config_.outcome.settings;
    if (!last_good_in_use_)
        platform_.journal.write({EventId::config_loaded,
                                 {plan_.config, std::to_string(settings.watches.size()),
                                  std::to_string(settings.actions.size())}});
    return std::nullopt;
}

std::optional<StartFailure> ServiceWorkload::start_engine(const std::function<void()>& step_done) {
    const Settings& settings = *config_.outcome.settings;
    EngineOptions options;
    read_mutes();
    mute_board_->set_schedules(schedules_of(settings));
    options.context = {plan_.data_directory, plan_.host_name, mute_board_};
    options.store = &store_;
    options.mark = &mark_;
    step_done();
    auto failure =
        runner_.start(with_self_test(settings), std::move(options), platform_, step_done);
    if (failure || runner_.stop_requested()) return failure;
    platform_.journal.write(
        {EventId::service_started,
         {REGWATCH_VERSION, plan_.config, std::to_string(settings.watches.size()),
          std::to_string(settings.actions.size())}});
    generation_ = 1;
    taken_over_at_ = to_iso_text(platform_.clock.wall_now());
    if (!last_good_in_use_) keep_config();
    return std::nullopt;
}

void ServiceWorkload::serve(ServiceRequest request) {
    switch (request) {
        case ServiceRequest::release_hives:
            return runner_.release_hives();
        case ServiceRequest::reload:
            return reload();
        case ServiceRequest::look_at_file:
            return look_at_config(false);
        case ServiceRequest::read_mutes:
            return read_mutes();
        case ServiceRequest::write_status:
            return write_status();
    }
}

// Whoever waits for it gets an answer, even if it ends by an exception.
void ServiceWorkload::reload() {
    ++reloads_done_;
    problems_ = {plan_.config + ": looking at it came to no end"};
    refused_at_ = StartStep::internal;
    look_at_config(true);
}

void ServiceWorkload::look_at_config(bool asked_for) {
    if (watch_) follow_config();
    Found found = find_config();
    follow_included(found.files);
    if (found.good) {
        in_doubt_ = false;
        take_over(std::move(*found.good), asked_for);
    } else if (!asked_for && watch_ && !std::exchange(in_doubt_, true)) {
        watch_->look_again();
        return;
    } else {
        in_doubt_ = false;
        refuse(std::move(found), asked_for);
    }
    if (!asked_for) ++reloads_done_;
}

void ServiceWorkload::refuse(Found found, bool asked_for) {
    const bool told = !asked_for && found.problems == problems_;
    problems_ = std::move(found.problems);
    refused_at_ = found.step;
    if (told) return;
    platform_.journal.write(
        {EventId::config_refused,
         {plan_.config, std::to_string(found.problem_count), joined(problems_)}});
}

void ServiceWorkload::take_over(ConfigRead config, bool asked_for) {
    const Settings& settings = *config.outcome.settings;
    const bool is_bad_no_more = !std::exchange(problems_, {}).empty();
    if (!last_good_in_use_ && settings == *config_.outcome.settings) {
        if (asked_for || is_bad_no_more)
            platform_.journal.write({EventId::config_unchanged, {plan_.config}});
        return;
    }
    const auto report = runner_.reload(with_self_test(settings));
    if (!report) {
        if (runner_.stop_requested()) return;
        problems_ = {report.error().text()};
        refused_at_ = StartStep::setting_up;
        platform_.journal.write(
            {EventId::config_not_taken_over, {plan_.config, report.error().text() + "."}});
        return;
    }
    config_ = std::move(config);
    last_good_in_use_ = false;
    ++generation_;
    taken_over_at_ = to_iso_text(platform_.clock.wall_now());
    const Settings& now = *config_.outcome.settings;
    mute_board_->set_schedules(schedules_of(now));
    platform_.journal.write(
        {EventId::config_reloaded,
         {plan_.config, std::to_string(now.watches.size()), std::to_string(now.actions.size()),
          // The self-test's key goes on as well, and is nobody's business.
          std::to_string(report->kept - 1), std::to_string(report->added),
          std::to_string(report->removed)}});
    keep_config();
}

void ServiceWorkload::follow_config() {
    if (const auto followed = watch_->follow(followed_); !followed)
        platform_.journal.write(
            {EventId::config_not_watched, {plan_.config, followed.error().text() + "."}});
}

void ServiceWorkload::follow_included(const std::vector<std::string>& files) {
    if (!watch_ || files.empty() || files == followed_) return;
    followed_ = files;
    follow_config();
    watch_->look_again();
}

void ServiceWorkload::keep_config() {
    if (!plan_.keeps_last_good) return;
    const auto kept =
        keep_last_good(state_file("config.lastgood.json"), config_, platform_.clock.wall_now());
    if (!kept)
        platform_.journal.write(
            {EventId::last_good_config_not_kept, {plan_.config, kept.error().text() + "."}});
}

// What cannot be read mutes nothing: too many deliveries are better than none.
void ServiceWorkload::read_mutes() {
    const auto text = read_whole_file(state_file(kMutesFile));
    auto read = text ? parse_mutes(*text) : Result<std::vector<Mute>>(std::vector<Mute>());
    if (!text && text.error().kind != ErrorKind::not_found) read = text.error();
    if (!read) platform_.journal.write({EventId::mutes_not_read, {read.error().text() + "."}});
    const std::vector<Mute> now = read ? std::move(read).value() : std::vector<Mute>();
    const std::vector<Mute> before = mute_board_->get();
    const WallTime moment = platform_.clock.wall_now();
    mute_board_->set(now);
    for (const Mute& mute : now) {
        if (mute.until > moment && std::find(before.begin(), before.end(), mute) == before.end())
            platform_.journal.write(
                {EventId::watch_muted, {muted_name(mute.watch), mute_end_text(mute.until)}});
    }
    for (const Mute& mute : before) {
        const bool goes_on = std::any_of(
            now.begin(), now.end(), [&](const Mute& known) { return known.watch == mute.watch; });
        if (mute.until > moment && !goes_on)
            platform_.journal.write({EventId::watch_unmuted, {muted_name(mute.watch)}});
    }
}

void ServiceWorkload::write_status() {
    ServiceFacts facts;
    facts.started_at = started_at_;
    facts.now = platform_.clock.wall_now();
    facts.serial = ++status_serial_;
    facts.config = plan_.config;
    facts.generation = generation_;
    facts.reloads_done = reloads_done_;
    facts.taken_over_at = taken_over_at_;
    facts.last_good_in_use = last_good_in_use_;
    facts.problems = problems_;
    if (!problems_.empty()) facts.refused_as = exit_code_of(refused_at_);
    facts.watches = config_.outcome.settings->watches.size();
    facts.actions = config_.outcome.settings->actions.size();
    facts.engine = without_self_test(runner_.status());
    facts.mutes = mute_board_->get();
    if (plan_.event_log_lacks) facts.event_log_lacks = plan_.event_log_lacks();
    const auto written = replace_file(state_file("status.json"), status_json(facts));
    if (!written)
        platform_.journal.write({EventId::status_not_written, {written.error().text() + "."}});
}

void ServiceWorkload::stop(Duration deadline) {
    const StopReport report = runner_.stop(deadline);
    if (!report.in_time)
        platform_.journal.write(
            {EventId::stop_was_slow,
             {"delivering", std::to_string(report.undelivered) + " change(s) were left."}});
    platform_.journal.write({EventId::service_stopped, {std::to_string(report.changes)}});
}

std::string ServiceWorkload::state_file(const char* name) const {
    return join_path(state_folder(plan_.data_directory), name);
}

StartFailure ServiceWorkload::tell(StartFailure failure) const {
    platform_.journal.write({EventId::service_failed, {doing(failure.step), failure.reason}});
    return failure;
}

}  // namespace regwatch
