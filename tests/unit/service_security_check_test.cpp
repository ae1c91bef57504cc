// Who may write what a service with all rights obeys.
#include "service/security_check.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scripted_program_files.h"

namespace regwatch {
namespace {

Settings with(ActionSettings action) {
    Settings settings;
    settings.actions = {std::move(action)};
    return settings;
}

const std::vector<std::string> kFiles = {"C:\\RegWatch\\regwatch.json", "C:\\RegWatch\\p.json"};

TEST_CASE("a config lends rights that runs programs, restores or enforces, and no other") {
    CHECK(lends_rights(with({.name = "p", .what = ProgramSettings{}})));
    CHECK(lends_rights(with({.name = "r", .what = RestoreSettings{}})));
    CHECK_FALSE(lends_rights(with({.name = "l", .what = LogSettings{}})));
    Settings enforcing;
    enforcing.watches.resize(1);
    CHECK_FALSE(lends_rights(enforcing));
    enforcing.watches[0].enforce = true;
    CHECK(lends_rights(enforcing));
}

TEST_CASE(
    "a config that lends rights and is a user's is not obeyed, and how to repair it is told") {
    test::ScriptedProgramFiles files;
    const Settings lending = with({.name = "p", .what = ProgramSettings{}});
    CHECK(why_not_obeyed(lending, "C:\\RegWatch", kFiles, files).empty());
    files.set_other_sddl("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)");
    const auto why = why_not_obeyed(lending, "C:\\RegWatch", kFiles, files);
    REQUIRE(why.size() == 3);  // the folder and two files
    CHECK(why[0].find("icacls \"C:\\RegWatch\" /setowner") != std::string::npos);
    CHECK(why[2].find("C:\\RegWatch\\p.json") != std::string::npos);
    CHECK(why_not_obeyed(with({.name = "l", .what = LogSettings{}}), "C:\\RegWatch", kFiles, files)
              .empty());
}

TEST_CASE(
    "users who may add files to the folder are enough, and where owners are not kept none are") {
    test::ScriptedProgramFiles files;
    const Settings lending = with({.name = "r", .what = RestoreSettings{}});
    files.set_other_sddl("O:BAD:(A;;FA;;;BA)(A;;0x2;;;BU)");
    CHECK_FALSE(why_not_obeyed(lending, "C:\\RegWatch", kFiles, files).empty());
    files.have_no_owners("Wine does not keep the owners of files.");
    CHECK(why_not_obeyed(lending, "C:\\RegWatch", kFiles, files).empty());
}

TEST_CASE(
    "install takes over no folder and no config that others can change, and makes what is "
    "missing") {
    const std::string folder = "C:\\RegWatch";
    const std::string config = "D:\\Conf\\regwatch.json";
    test::ScriptedProgramFiles files;
    const auto why = [&] { return why_not_taken_over(folder, config, "D:\\Conf", files); };
    CHECK(why().empty());
    files.set_other_sddl("O:BAD:(A;;FA;;;BA)(A;;0x2;;;BU)");  // may add files, or write to one
    REQUIRE(why().size() == 2);
    CHECK(why()[0].find("icacls \"C:\\RegWatch\"") != std::string::npos);
    CHECK(why()[1].find("icacls \"D:\\Conf\\regwatch.json\"") != std::string::npos);
    files.have_none_of({config});
    REQUIRE(why().size() == 2);
    CHECK(why()[1].find("icacls \"D:\\Conf\"") != std::string::npos);
    CHECK(why_not_taken_over(folder, config, folder, files).size() == 1);  // not the same twice
    files.have_none_of({folder, config, "D:\\Conf"});
    CHECK(why().empty());
    files.have_none_of({});
    files.set_other_sddl("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)");
    REQUIRE(why().size() == 2);
    CHECK(why()[0].find("/setowner") != std::string::npos);
    files.have_no_owners("Wine does not keep the owners of files.");
    CHECK(why().empty());
}

}  // namespace
}  // namespace regwatch
