#include "service/state_commands.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "action/as_left.h"
#include "action/restorer.h"
#include "change/json.h"
#include "change/reg_file.h"
#include "platform/folder.h"
#include "service/accept.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/history_text.h"
#include "service/places.h"
#include "service/progress.h"
#include "service/service_control.h"
#include "service/state_folder.h"
#include "service/windows_platform.h"
#include "state/make_change.h"
#include "state/sqlite_store.h"
#include "text/time.h"
#include "text/utf.h"
#include "watch/snapshot_reader.h"
#include "win32/clock.h"
#include "win32/registry.h"
#include "win32/registry_writer.h"

namespace regwatch {
namespace {

constexpr int kOk = static_cast<int>(ExitCode::ok);

// The store of an instance, open.
struct OpenState {
    win32::SystemClock clock;
    std::unique_ptr<SqliteStore> store;
    ConcealingKey key = ConcealingKey::of_this_process();

    Result<void> open(const CommonOptions& options, SqliteStore::Access access) {
        const auto places = find_places(options_of_service(options));
        if (!places) return places.error();
        SqliteStore::Options wanted;
        wanted.folder = state_folder(places->data_directory);
        wanted.access = access;
        store = std::make_unique<SqliteStore>(std::move(wanted), clock);
        auto opened = store->open();
        if (!opened) return std::move(opened).error();
        if (opened->key) key = *opened->key;
        return {};
    }
};

std::optional<std::vector<SharedChange>> find_changes(OpenState& state,
                                                      const std::vector<std::string>& ids) {
    Progress progress("looking for the changes", state.clock, progress_line());
    HistoryQuery query;
    query.ids = ids;
    query.on_progress = [&progress](std::uint64_t count) { progress.step(count); };
    auto found = state.store->history(query);
    progress.done();
    if (!found) {
        (void)complain(found.error().text());
        return std::nullopt;
    }
    for (const std::string& id : ids) {
        const bool is_there = std::any_of(found->begin(), found->end(), [&](const auto& change) {
            return change->id == id || std::to_string(change->sequence) == id;
        });
        if (is_there) continue;
        (void)complain("there is no change " + id + " in the history");
        return std::nullopt;
    }
    return std::move(found).value();
}

// Null: the key does not exist.
Result<SharedSnapshot> read_now(Registry& registry, const KeyPath& path, const WatchSettings& watch,
                                const OpenState& state) {
    auto key = registry.open(path);
    if (!key) {
        if (key.error().kind == ErrorKind::not_found) return SharedSnapshot();
        return std::move(key).error();
    }
    ReadPlan plan;
    plan.scope = watch.recursive ? Scope::subtree : Scope::key;
    plan.security = watch.changes.has(DifferenceKind::security_changed);
    plan.selection = &watch.selection;
    plan.key = &state.key;
    return read_snapshot(**key, plan, state.clock);
}

// A key of the baseline, as it was and as it is.
struct Compared {
    BaselineName name;
    WatchSettings watch;
    std::vector<Difference> differences;
};
struct Comparison {
    std::vector<Compared> keys;
    std::vector<std::string> left;  // of users who are not logged on
};

Result<Settings> read_settings(const CommonOptions& options) {
    const auto places = find_places(options_of_service(options));
    if (!places) return places.error();
    auto config = load_config(places->config);
    if (!config) return std::move(config).error();
    if (!config->settings) {
        return Error{ErrorKind::invalid, 0, "reading the configuration", places->config,
                     "it has problems; 'regwatch check' shows them"};
    }
    return std::move(*config->settings);
}

// What the config says of the watches decides how deep they look.
Result<Comparison> compare(const CommonOptions& options, const std::string& watch,
                           OpenState& state) {
    const auto settings = read_settings(options);
    if (!settings) return settings.error();
    const auto watches = watches_named(*settings, watch);
    if (!watches) return watches.error();
    auto registry = win32::SystemRegistry::create();
    if (!registry) return std::move(registry).error();
    auto names = state.store->baselines();
    if (!names) return std::move(names).error();
    Progress progress("comparing keys", state.clock, progress_line());
    Comparison all;
    std::uint64_t done = 0;
    for (BaselineName& name : *names) {
        progress.step(++done, names->size());
        const auto of = std::find_if(watches->begin(), watches->end(),
                                     [&](const auto& known) { return known.name == name.watch; });
        if (of == watches->end()) continue;
        // The names that a pattern saw are compared by the service, key by key.
        if (stands_for_names(name.key)) continue;
        if (is_in_unloaded_hive(**registry, name.key)) {
            all.left.push_back(name.key.utf8() + ": its user is not logged on");
            continue;
        }
        auto stored = state.store->baseline(name.watch, name.key);
        if (!stored) return std::move(stored).error();
        if (!*stored) continue;
        auto now = read_now(**registry, name.key, *of, state);
        if (!now) return std::move(now).error();
        Compared compared{std::move(name), *of, {}};
        const auto& before = (*stored)->state;
        compared.differences =
            diff_since(before ? &*before : nullptr, (*stored)->extent, now->get(),
                       extent_of(*of, state.key), state.key, renames_told_by(*of));
        all.keys.push_back(std::move(compared));
    }
    return all;
}

// Of the changes that the service would report; with no more of their data than it would hand on.
std::vector<std::string> difference_lines(const Compared& compared, Colour colour) {
    FoundState found;
    found.watch = &compared.watch;
    found.key = &compared.name.key;
    std::vector<std::string> lines;
    for (const Difference& difference : compared.differences) {
        if (const auto change = make_change(found, difference)) {
            lines.push_back(compared.name.watch + "  " + to_line(*change, colour));
        }
    }
    return lines;
}

int show_baseline(const BaselineCommand& command, OpenState& state) {
    const Console out(Console::Stream::output);
    const auto names = state.store->baselines();
    if (!names) return complain(names.error().text());
    for (const BaselineName& name : *names) {
        if (!command.watch.empty() && command.watch != name.watch) continue;
        if (stands_for_names(name.key)) continue;
        std::string line = name.watch + "  " + name.key.utf8();
        if (name.key.view == View::bits32) line += " (32-bit)";
        line += name.exists ? "  as of " : "  not there as of ";
        if (!out.write_line(line + to_iso_text(name.seen).substr(0, 19) + "Z")) break;
    }
    return kOk;
}

// A command says what it has to say itself.
class Silence final : public Journal {
public:
    void write(const Notice&) noexcept override {}
};

void tell_left(const std::vector<std::string>& left, const char* what) {
    const Console error(Console::Stream::error);
    for (const std::string& key : left) error.write_line(std::string(what) + " " + key);
}

int accept_baseline(const CommonOptions& options, const BaselineCommand& command,
                    OpenState& state) {
    const auto settings = read_settings(options);
    if (!settings) return complain(settings.error().text());
    auto platform = WindowsPlatform::create(
        [](FileSystem&, EventLog&, const Clock&) { return std::make_unique<Silence>(); });
    if (!platform) return complain(platform.error().text());
    const auto report =
        accept_as_found(*settings, command.watch, *state.store, (*platform)->ports());
    if (!report) return complain(report.error().text());
    tell_left(report->left, "not accepted:");
    Console(Console::Stream::output)
        .write_line(std::to_string(report->differences) + " difference(s) in " +
                    std::to_string(report->keys) + " key(s) accepted.");
    return kOk;
}

int diff_baseline(const CommonOptions& options, const BaselineCommand& command, OpenState& state) {
    const Console out(Console::Stream::output);
    const auto compared = compare(options, command.watch, state);
    if (!compared) return complain(compared.error().text());
    tell_left(compared->left, "not compared:");
    for (const Compared& key : compared->keys) {
        for (const std::string& line : difference_lines(key, out.colour())) {
            if (!out.write_line(line)) return kOk;
        }
    }
    return kOk;
}

int print_history(const HistoryCommand& command, const std::vector<SharedChange>& changes,
                  const Clock& clock) {
    const Console out(Console::Stream::output);
    if (command.csv && !out.write(csv_head())) return kOk;
    Progress progress("writing the history", clock, progress_line(true));
    std::uint64_t done = 0;
    for (const SharedChange& change : changes) {
        const bool is_read = command.csv    ? out.write(csv_line(*change))
                             : command.json ? out.write_line(to_json_line(*change, {host_name()}))
                                            : out.write_line(history_line(*change, out.colour()));
        if (!is_read) break;
        progress.step(++done, changes.size());
    }
    return kOk;
}

}  // namespace

int history(const CommonOptions& options, const HistoryCommand& command) {
    OpenState state;
    if (const auto opened = state.open(options, SqliteStore::Access::read); !opened)
        return complain(opened.error().text());
    HistoryQuery query;
    const WallTime now = state.clock.wall_now();
    for (const auto& [text, moment] :
         {std::pair(&command.since, &query.from), std::pair(&command.until, &query.to)}) {
        if (text->empty()) continue;
        *moment = parse_moment(*text, now);
        if (!*moment)
            return complain("\"" + *text + "\" is no time; write 2026-11-02T10:15 (UTC) or 2h",
                            ExitCode::usage);
    }
    query.watch = command.watch;
    query.key = to_utf16(command.key);
    if (!command.kind.empty()) query.kind = parse_kind(command.kind);
    query.limit = command.limit;
    Progress reading("reading the history", state.clock, progress_line());
    query.on_progress = [&reading](std::uint64_t count) { reading.step(count); };
    const auto found = state.store->history(query);
    reading.done();
    if (!found) return complain(found.error().text());
    return print_history(command, *found, state.clock);
}

int undo(const CommonOptions& options, const UndoCommand& command) {
    OpenState state;
    if (const auto opened = state.open(options, SqliteStore::Access::read); !opened)
        return complain(opened.error().text());
    const auto found = find_changes(state, {command.id});
    if (!found) return static_cast<int>(ExitCode::failure);
    const Change& change = *found->front();
    const auto edit = inverse_edit(change);
    if (!edit) {
        return complain("this change cannot be taken back: " + why_no_inverse_edit(change));
    }
    const Console out(Console::Stream::output);
    out.write_line(to_line(*edit));
    auto registry = win32::SystemRegistry::create();
    if (!registry) return complain(registry.error().text());
    const auto same = is_as_the_change_left_it(change, **registry);
    if (!same) return complain(same.error().text());
    if (!command.apply) {
        out.write_line("Nothing was written. With --apply it is.");
        return kOk;
    }
    auto writer = win32::SystemRegistryWriter::create();
    if (!writer) return complain(writer.error().text());
    if (const auto done = carry_out(*edit, **writer); !done) return complain(done.error().text());
    out.write_line("Done.");
    return kOk;
}

int export_changes(const CommonOptions& options, const ExportCommand& command) {
    OpenState state;
    if (const auto opened = state.open(options, SqliteStore::Access::read); !opened)
        return complain(opened.error().text());
    const auto found = find_changes(state, command.ids);
    if (!found) return static_cast<int>(ExitCode::failure);
    std::vector<RegistryEdit> edits;
    for (const SharedChange& change : *found) {
        const auto edit = command.forward ? forward_edit(*change) : inverse_edit(*change);
        if (!edit)
            return complain(
                "change " + change->id + " cannot be put into a file: " +
                (command.forward ? why_no_forward_edit(*change) : why_no_inverse_edit(*change)));
        edits.push_back(*edit);
    }
    // What was done last is taken back first.
    if (!command.forward) std::reverse(edits.begin(), edits.end());
    const std::string bytes = to_reg_file(edits);
    if (command.file.empty()) {
        Console(Console::Stream::output).write(bytes);
        return kOk;
    }
    const std::u8string path(command.file.begin(), command.file.end());
    std::ofstream file(std::filesystem::path(path), std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (!file) return complain("the file " + command.file + " cannot be written");
    return kOk;
}

int baseline(const CommonOptions& options, const BaselineCommand& command) {
    using Verb = BaselineCommand::Verb;
    OpenState state;
    const auto access =
        command.verb == Verb::accept ? SqliteStore::Access::own : SqliteStore::Access::read;
    if (const auto opened = state.open(options, access); !opened) {
        if (state.store && state.store->state() == StoreState::in_use)
            return complain(
                "the service is running, and its baseline is what it saw last; stop it "
                "first");
        return complain(opened.error().text());
    }
    switch (command.verb) {
        case Verb::show:
            return show_baseline(command, state);
        case Verb::accept:
            return accept_baseline(options, command, state);
        case Verb::diff:
            return diff_baseline(options, command, state);
    }
    return kOk;
}

}  // namespace regwatch
