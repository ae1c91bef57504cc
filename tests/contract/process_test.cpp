#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "contract/subject.h"
#include "platform/process.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/process.h"
#include "win32/text.h"

namespace regwatch::test {
namespace {

using End = ProcessOutcome::End;
using std::chrono::seconds;
using win32::Handle;

std::string folder_of_programs() {
    return win32::to_utf8(win32::parent_of(win32::to_wide(win32::module_path().value())));
}

ProcessSpec child(std::vector<std::string> arguments) {
    ProcessSpec spec;
    spec.file = folder_of_programs() + "\\regwatch-echo-child.exe";
    spec.arguments = std::move(arguments);
    spec.timeout = seconds(60);
    return spec;
}

std::unique_ptr<win32::JobProcessRunner> make_runner() {
    auto runner = win32::JobProcessRunner::create();
    REQUIRE(runner);
    return std::move(*runner);
}

ProcessOutcome run(const ProcessSpec& spec) {
    auto outcome = make_runner()->run(spec);
    if (!outcome) FAIL(outcome.error().text());
    return *outcome;
}

// Of a system object that only a certain process holds.
std::string unique_name(const char* purpose) {
    return "regwatch-contract-" + std::to_string(GetCurrentProcessId()) + "-" + purpose;
}
bool exists(const std::string& name) {
    return static_cast<bool>(Handle(OpenEventW(SYNCHRONIZE, FALSE, win32::to_wide(name).c_str())));
}

// A file with this content, removed at the end.
class Script {
public:
    Script(const std::string& name, const std::string& content)
        : path_(std::filesystem::temp_directory_path() / win32::to_wide(name)) {
        std::ofstream(path_, std::ios::binary) << content;
    }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;
    ~Script() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    [[nodiscard]] std::string path() const { return win32::to_utf8(path_.wstring()); }

private:
    const std::filesystem::path path_;
};

TEST_CASE("a program's exit code is told") {
    const auto outcome = run(child({"exit", "42"}));
    CHECK(outcome.end == End::exited);
    CHECK(outcome.exit_code == 42);
    CHECK(outcome.output.empty());
}

TEST_CASE("arguments arrive as they were written") {
    const auto outcome = run(child({"arguments", "", "a b", "say \"hi\"", "back\\slash\\",
                                    "two words\\", "\\\\\"", "%PATH%", "caf\xC3\xA9", "&|<>^"}));
    CHECK(outcome.output ==
          "[][a b][say \"hi\"][back\\slash\\][two words\\][\\\\\"][%PATH%][caf\xC3\xA9][&|<>^]");
}

TEST_CASE("the input reaches the program whole and ends, and both outputs come back") {
    auto spec = child({"copy"});
    spec.output_limit = 4 * 1024 * 1024;
    SECTION("small") { spec.input = "{\"key\":\"HKLM\"}\n"; }
    SECTION("empty") { spec.input = ""; }
    SECTION("with every byte") {
        for (int i = 0; i < 256; ++i) spec.input += static_cast<char>(i);
    }
    SECTION("larger than any pipe") {
        for (int i = 0; i < 200'000; ++i) spec.input += std::to_string(i) + "\n";
    }
    const auto outcome = run(spec);
    CHECK(outcome.exit_code == 0);
    CHECK((outcome.output == spec.input + "done"));
    CHECK_FALSE(outcome.output_truncated);
}

TEST_CASE("of output beyond the limit the end is kept, and the program is not held up by that") {
    auto spec = child({"write with an end", "1000000"});
    spec.output_limit = 1000;
    const auto outcome = run(spec);
    CHECK(outcome.end == End::exited);
    CHECK(outcome.output == std::string(997, 'x') + "end");
    CHECK(outcome.output_truncated);
}

TEST_CASE("output of exactly the limit is not called truncated") {
    auto spec = child({"write", "1000"});
    spec.output_limit = 1000;
    const auto outcome = run(spec);
    CHECK(outcome.output.size() == 1000);
    CHECK_FALSE(outcome.output_truncated);
}

TEST_CASE("a program that does not read its input ends all the same") {
    auto spec = child({"exit", "3"});
    spec.input = std::string(5'000'000, 'x');
    const auto outcome = run(spec);
    CHECK(outcome.end == End::exited);
    CHECK(outcome.exit_code == 3);
}

TEST_CASE("a program that takes too long is killed with everything it started") {
    const std::string name = unique_name("timeout");
    auto spec = child({"start holder and hang", name});
    spec.timeout = seconds(5);
    const auto outcome = run(spec);
    CHECK(outcome.end == End::timed_out);
    CHECK(outcome.output == "started");
    CHECK_FALSE(exists(name));
    CHECK_FALSE(exists(name + "-parent"));
}

TEST_CASE("a program that writes without end is stopped in time too") {
    auto spec = child({"write for ever"});
    spec.timeout = seconds(5);  // by then it has begun to write
    spec.output_limit = 10;
    const auto outcome = run(spec);
    CHECK(outcome.end == End::timed_out);
    CHECK(outcome.output.size() == 10);
    CHECK(outcome.output_truncated);
}

TEST_CASE("what a program leaves behind holds nobody up and does not survive it") {
    const std::string name = unique_name("left-behind");
    const auto began = std::chrono::steady_clock::now();
    const auto outcome = run(child({"start holder", name}));
    CHECK(outcome.end == End::exited);
    CHECK(outcome.exit_code == 0);
    CHECK_FALSE(exists(name));
    // Well within what the runner itself would wait for a process that cannot be killed.
    CHECK(std::chrono::steady_clock::now() - began < seconds(10));
}

TEST_CASE("a program that may not be more processes is refused them, and that is told") {
    const bool is_kept = limits_of_a_job_are_kept(systems().front());
    auto spec = child({"start others", "8"});
    spec.max_processes = 4;
    const auto outcome = run(spec);
    CHECK(outcome.end == End::exited);
    CHECK(outcome.exit_code == (is_kept ? 1U : 0U));
    CHECK(outcome.met_process_limit == is_kept);
    CHECK_FALSE(outcome.met_memory_limit);
}

TEST_CASE("a program that may not have more memory is refused it, and that is told") {
    const bool is_kept = limits_of_a_job_are_kept(systems().front());
    auto spec = child({"take memory", "268435456"});
    spec.max_memory = std::uint64_t{64} * 1024 * 1024;
    const auto outcome = run(spec);
    CHECK(outcome.end == End::exited);
    CHECK(outcome.exit_code == (is_kept ? 1U : 0U));
    CHECK(outcome.met_memory_limit == is_kept);
    CHECK_FALSE(outcome.met_process_limit);
}

TEST_CASE("a program that stays within its limits is not told to have met them") {
    const auto outcome = run(child({"start others", "2"}));
    CHECK(outcome.exit_code == 0);
    CHECK_FALSE(outcome.met_process_limit);
    CHECK_FALSE(outcome.met_memory_limit);
}

TEST_CASE("cancelling ends running programs and refuses later ones") {
    const std::string name = unique_name("cancel");
    const auto runner = make_runner();
    std::thread canceller([&] {
        while (!exists(name)) std::this_thread::yield();
        runner->cancel_all();
    });
    const auto outcome = runner->run(child({"hold", name}));
    canceller.join();
    REQUIRE(outcome);
    CHECK(outcome->end == End::cancelled);
    CHECK_FALSE(exists(name));
    const auto later = runner->run(child({"exit", "0"}));
    REQUIRE(later);
    CHECK(later->end == End::cancelled);
}

TEST_CASE("several programs run side by side and keep their outputs apart") {
    const auto runner = make_runner();
    std::vector<std::future<Result<ProcessOutcome>>> runs;
    for (int i = 0; i < 6; ++i) {
        runs.push_back(std::async(std::launch::async, [&runner, i] {
            auto spec = child({"copy"});
            spec.input = std::string(100'000, static_cast<char>('a' + i));
            spec.output_limit = 1'000'000;
            return runner->run(spec);
        }));
    }
    for (int i = 0; i < 6; ++i) {
        const auto outcome = runs[static_cast<std::size_t>(i)].get();
        REQUIRE(outcome);
        CHECK((outcome->output == std::string(100'000, static_cast<char>('a' + i)) + "done"));
    }
}

TEST_CASE("the environment is a short list and what the spec adds") {
    SetEnvironmentVariableW(L"REGWATCH_TEST_SECRET", L"do not pass on");
    auto spec = child({"environment"});
    spec.environment = {{"REGWATCH_KEY", "HKLM\\caf\xC3\xA9"}, {"temp", "X:\\mine"}};
    const auto outcome = run(spec);
    SetEnvironmentVariableW(L"REGWATCH_TEST_SECRET", nullptr);
    const std::string& output = outcome.output;
    CHECK(output.find("REGWATCH_TEST_SECRET") == output.npos);
    CHECK(output.find("REGWATCH_KEY=HKLM\\caf\xC3\xA9\n") != output.npos);
    CHECK(output.find("X:\\mine\n") != output.npos);
    CHECK(output.find("SystemRoot=") != output.npos);
    CHECK(output.find("PATH=" + win32::to_utf8(win32::system_folder().value()) + ";") !=
          output.npos);
}

TEST_CASE("a variable that would break the environment is refused") {
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"", "x"}, {"A=B", "x"}, {"A", std::string("x\0y", 3)}}) {
        auto spec = child({"environment"});
        spec.environment = {{name, value}};
        const auto outcome = make_runner()->run(spec);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::invalid);
    }
}

TEST_CASE("a program gets three pipes and no other handle") {
    CHECK(run(child({"kinds"})).output == "pipe pipe pipe");

    SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    // Several, because one value could by chance be another object's in the child.
    std::vector<Handle> events;
    for (int i = 0; i < 50; ++i)
        events.emplace_back(CreateEventW(&inheritable, TRUE, FALSE, nullptr));
    const Handle& last = events.back();
    const auto value = reinterpret_cast<std::uintptr_t>(last.get());
    CHECK(run(child({"set", std::to_string(value)})).output == "no such handle");
    CHECK(WaitForSingleObject(last.get(), 0) == WAIT_TIMEOUT);
}

TEST_CASE("a program runs in its own folder, or where it is told to") {
    auto spec = child({"folder"});
    SECTION("its own") {
        CHECK(std::filesystem::equivalent(win32::to_wide(run(spec).output),
                                          win32::to_wide(folder_of_programs())));
    }
    SECTION("another, by a variable") {
        spec.working_directory = "%SystemRoot%\\System32";
        CHECK(std::filesystem::equivalent(win32::to_wide(run(spec).output),
                                          win32::system_folder().value()));
    }
}

TEST_CASE("what cannot be started is an error that names the file") {
    const auto error_of = [](const std::string& file) {
        auto spec = child({});
        spec.file = file;
        const auto outcome = make_runner()->run(spec);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().subject == file);
        return outcome.error().kind;
    };
    const std::string folder = folder_of_programs();
    CHECK(error_of("C:\\missing\\program.exe") == ErrorKind::not_found);
    CHECK(error_of("C:\\missing\\script.cmd") == ErrorKind::not_found);
    CHECK(error_of("regwatch-echo-child.exe") == ErrorKind::invalid);
    CHECK(error_of(folder) == ErrorKind::invalid);
    const Script text("regwatch-contract.txt", "not a program");
    CHECK(error_of(text.path()) == ErrorKind::invalid);
    const Script no_program("regwatch-contract.exe", "not a program");
    CHECK(error_of(no_program.path()) == ErrorKind::invalid);
}

TEST_CASE("a batch file gets its arguments as text") {
    const Script script("regwatch contract & co.cmd",
                        "@echo off\r\necho %1 %2 %3\r\nexit /b 7\r\n");
    auto spec = child({"two words", "a&b", "c|d>e"});
    spec.file = script.path();
    const auto outcome = run(spec);
    CHECK(outcome.exit_code == 7);
    CHECK(outcome.output == "\"two words\" \"a&b\" \"c|d>e\"\r\n");
}

TEST_CASE("an argument that a batch file could take for a command is refused") {
    const Script script("regwatch-contract.bat", "@echo %1\r\n");
    for (const char* argument : {"\" & calc", "%PATH%", "!x!", "a\r\nb"}) {
        auto spec = child({argument});
        spec.file = script.path();
        const auto outcome = make_runner()->run(spec);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::invalid);
    }
}

}  // namespace
}  // namespace regwatch::test
