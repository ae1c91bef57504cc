// regwatch.exe install and uninstall, as they come out of the box.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <nlohmann/json.hpp>
#include <string>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/registry.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

constexpr const char* kServices = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\";
constexpr const char* kSource =
    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\RegWatch";
constexpr const char* kRun = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";

// A value of the machine's Run key that starts nothing; removed at the end.
class RunValue {
public:
    RunValue() { run_ok(std::string("reg.exe add ") + kRun + " /v " + name + " /d rem /f"); }
    ~RunValue() { run(std::string("reg.exe delete ") + kRun + " /v " + name + " /f"); }
    RunValue(const RunValue&) = delete;
    RunValue& operator=(const RunValue&) = delete;

    static constexpr const char* name = "RegWatchTest";
};

TEST_CASE("install makes a service that needs no arguments, and uninstall keeps what is the user's",
          "[install]") {
    const std::wstring config = data_folder() + L"\\regwatch.json";
    const Service service("RegWatch");  // deletes it at the end, should uninstall fail
    CHECK_THAT(run_ok(regwatch_exe() + " install"), ContainsSubstring("Created the service"));

    CHECK(registry_text(std::string(kServices) + "RegWatch", "ImagePath") == regwatch_exe());
    CHECK(registry_number(std::string(kServices) + "RegWatch", "Start") == SERVICE_AUTO_START);
    const std::string messages = win32::to_utf8(program_folder() + L"\\regwatch-events.dll");
    CHECK(registry_text(kSource, "EventMessageFile") == messages);
    CHECK(registry_text(kSource, "CategoryMessageFile") == messages);
    CHECK(registry_number(kSource, "CategoryCount") == 7);
    CHECK(registry_number(kSource, "TypesSupported") == 7);
    CHECK_FALSE(read_file(config).empty());
    CHECK(read_file(config) == read_file(program_folder() + L"\\config\\regwatch.json"));
    for (const wchar_t* file : {L"\\schema.json", L"\\packs\\autostart.json"}) {
        CHECK_FALSE(read_file(data_folder() + file).empty());
        CHECK(read_file(data_folder() + file) == read_file(program_folder() + L"\\config" + file));
    }

    const std::string edited = read_file(config) + "\n// edited\n";
    write_file(config, edited);
    CHECK_THAT(run_ok(regwatch_exe() + " install"), ContainsSubstring("Updated the service"));
    CHECK(read_file(config) == edited);

    CHECK_THAT(run_ok(regwatch_exe() + " uninstall"), ContainsSubstring("Deleted the service"));
    CHECK(service.status().state == 0);
    CHECK_FALSE(registry_text(kSource, "EventMessageFile"));
    CHECK(read_file(config) == edited);
    CHECK(run(regwatch_exe() + " uninstall").exit_code == ERROR_SERVICE_DOES_NOT_EXIST);
}

// Another program's event source of our name; removed at the end.
class ForeignSource {
public:
    ForeignSource() {
        run_ok(std::string("reg.exe add ") + kSource + " /v EventMessageFile /d " + file + " /f");
    }
    ~ForeignSource() { run(std::string("reg.exe delete ") + kSource + " /f"); }
    ForeignSource(const ForeignSource&) = delete;
    ForeignSource& operator=(const ForeignSource&) = delete;

    static constexpr const char* file = "C:\\Other\\other.dll";
};

TEST_CASE("an event source that is another program's is refused, named and left as it is",
          "[install]") {
    const Service service("RegWatch");
    const ForeignSource source;
    const CommandResult installed = run(regwatch_exe() + " install");
    CHECK(installed.exit_code != 0);
    CHECK_THAT(installed.output,
               ContainsSubstring("another program's") && ContainsSubstring(ForeignSource::file));
    CHECK(service.status().state == 0);
    CHECK_THAT(run(regwatch_exe() + " doctor").output,
               ContainsSubstring("The event source RegWatch is another program's") &&
                   ContainsSubstring(ForeignSource::file));
    run(regwatch_exe() + " uninstall");
    CHECK(registry_text(kSource, "EventMessageFile") == ForeignSource::file);
}

TEST_CASE("doctor --repair registers a lost or broken event source again, and no other program's",
          "[install]") {
    const Service service("RegWatch");
    run_ok(regwatch_exe() + " install");
    const std::string messages = win32::to_utf8(program_folder() + L"\\regwatch-events.dll");
    const auto finding = [](const std::string& options, const std::string& name) {
        const json report = json::parse(run(regwatch_exe() + " doctor --json" + options).output);
        json found;
        for (const json& check : report["checks"]) {
            if (check["check"] == name) found = check;
        }
        return found;
    };
    const std::string source = std::string("\"") + kSource + "\"";
    for (const std::string& damage : {
             "reg.exe delete " + source + " /f",
             "reg.exe delete " + source + " /v EventMessageFile /f",
             "reg.exe delete " + source + " /v TypesSupported /f",
             "reg.exe add " + source + " /v CategoryCount /t REG_DWORD /d 1 /f",
             "reg.exe add " + source + " /v EventMessageFile /d C:\\Gone\\regwatch-events.dll /f",
         }) {
        INFO(damage);
        CHECK(finding(" --repair", "event_source_repair").is_null());  // nothing to do
        run_ok(damage);
        const json broken = finding("", "event_source");
        CHECK(broken["result"] == "bad");
        CHECK_THAT(broken["repair"].get<std::string>(),
                   ContainsSubstring("regwatch doctor --repair"));
        CHECK(finding(" --repair", "event_source_repair")["result"] == "ok");
        CHECK(finding("", "event_source")["result"] == "ok");
        CHECK(registry_text(kSource, "EventMessageFile") == messages);
        CHECK(registry_text(kSource, "CategoryMessageFile") == messages);
        CHECK(registry_number(kSource, "CategoryCount") == 7);
        CHECK(registry_number(kSource, "TypesSupported") == 7);
    }
    run_ok(regwatch_exe() + " uninstall");

    const ForeignSource foreign;
    std::string many_files = ForeignSource::file;
    while (many_files.size() < 2000) many_files += std::string(";") + ForeignSource::file;
    for (const std::string& files : {std::string(ForeignSource::file), many_files}) {
        run_ok("reg.exe add " + source + " /v EventMessageFile /d " + files + " /f");
        const json refused = finding(" --repair", "event_source_repair");
        CHECK(refused["result"] == "bad");
        CHECK_THAT(refused["found"].get<std::string>(), ContainsSubstring("another program's"));
        CHECK(registry_text(kSource, "EventMessageFile") == files);
    }
}

TEST_CASE("the shipped configuration reports a new program in the Run key", "[install]") {
    Service service("RegWatch");
    run_ok(regwatch_exe() + " install");
    CHECK_THAT(run_ok(regwatch_exe() + " check"), ContainsSubstring("is good: "));
    const ReportedEvents events;
    service.start();

    const RunValue value;
    REQUIRE(eventually([] { return !last_record_of(RunValue::name).is_null(); }));
    const json record = last_record_of(RunValue::name);
    CHECK(record["rule"]["name"] == "machine-run");
    CHECK(record["registry"]["path"] == std::string(kRun) + "\\" + RunValue::name);
    CHECK(record["registry"]["data"]["strings"] == json::array({"rem"}));

    constexpr auto kCreated = static_cast<std::uint16_t>(EventId::value_created);
    REQUIRE(eventually([&] { return !events.with_id(kCreated).empty(); }));
    const auto inserts = events.with_id(kCreated).front().inserts;
    REQUIRE(inserts.size() == 11);
    CHECK(inserts[0] == "machine-run");
    CHECK(inserts[2] == kRun);
    CHECK(inserts[3] == RunValue::name);
    CHECK(inserts[6] == "rem");
    CHECK(inserts[9] == record["event"]["id"]);

    // While it runs.
    run_ok(regwatch_exe() + " uninstall");
    CHECK(service.status().state == 0);
    CHECK_FALSE(logged_changes().empty());
    CHECK(events.all().front().id == static_cast<std::uint16_t>(EventId::service_started));
    CHECK(eventually([&] {
        return events.all().back().id == static_cast<std::uint16_t>(EventId::service_stopped);
    }));
}

// A service of its own name and data directory that watches one key.
class Instance {
public:
    Instance(const std::string& name, const std::string& key) : service_(name) {
        const std::wstring config = folder_.path() + L"\\own.json";
        write_file(config, config_for({key}));
        run_ok(regwatch_exe() + " install --name " + name + " --data-dir \"" +
               win32::to_utf8(folder_.path()) + "\" --config \"" + win32::to_utf8(config) + "\"");
        service_.start();
    }
    Service& service() { return service_; }
    [[nodiscard]] const std::wstring& folder() const { return folder_.path(); }

private:
    TemporaryFolder folder_;
    Service service_;
};

TEST_CASE("two services of different names report only what each of them watches", "[instances]") {
    const ScratchKey key;
    key.create("A");
    key.create("B");
    Instance a("RegWatchTestA", key.path() + "\\A");
    Instance b("RegWatchTestB", key.path() + "\\B");
    key.set("A", "OfA", 1);
    key.set("B", "OfB", 2);
    CHECK(eventually([&] { return !last_record_of("OfA", a.folder()).is_null(); }));
    CHECK(eventually([&] { return !last_record_of("OfB", b.folder()).is_null(); }));

    CHECK(a.service().stop().exit_code == 0);
    key.set("A", "OfA", 3);
    key.set("B", "OfB", 4);
    CHECK(eventually(
        [&] { return last_record_of("OfB", b.folder())["regwatch"]["data"]["number"] == 4; }));
    CHECK(b.service().stop().exit_code == 0);
    CHECK(logged_changes(a.folder()).size() == 1);
    CHECK(logged_changes(b.folder()).size() == 2);
    CHECK(logged_changes().empty());
    run_ok(regwatch_exe() + " uninstall --name RegWatchTestA");
    run_ok(regwatch_exe() + " uninstall --name RegWatchTestB");
    CHECK(service_status("RegWatchTestA").state == 0);
    CHECK(service_status("RegWatchTestB").state == 0);
}

}  // namespace
}  // namespace regwatch::e2e
