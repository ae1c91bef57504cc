// Who may write to a program, told from access lists as Windows writes them.
#include "action/file_trust.h"

#include <catch2/catch_test_macros.hpp>

#include "action/sddl.h"

namespace regwatch {
namespace {

std::string of_file(const std::string& sddl) {
    return complaint_about({"C:\\Ops\\x.cmd", sddl}, PlaceRole::file);
}
std::string of_folder(const std::string& sddl) {
    return complaint_about({"C:\\Ops", sddl}, PlaceRole::folder);
}
std::string of_folder_above(const std::string& sddl) {
    return complaint_about({"C:\\", sddl}, PlaceRole::folder_above);
}

const std::string kTrustedInstaller =
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

TEST_CASE("a file that only administrators can write to is safe") {
    CHECK(of_file("O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)").empty());
    CHECK(of_file("O:SYG:SYD:(A;;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FRFX;;;AU)").empty());
    CHECK(of_file("O:" + kTrustedInstaller + "G:" + kTrustedInstaller + "D:PAI(A;;FA;;;" +
                  kTrustedInstaller + ")(A;;0x1200a9;;;BA)(A;;0x1200a9;;;AC)")
              .empty());
    CHECK(of_file("O:S-1-5-32-544D:(A;;FA;;;S-1-5-18)").empty());
}

TEST_CASE("every right that lets others change a file makes it unsafe") {
    for (const char* rights : {"FA", "FW", "GA", "GW", "DC", "LC", "RP", "CR", "SD", "WD", "WO",
                               "0x2", "0x1301bf", "0x10000", "FRSD", "CCDC"}) {
        INFO(rights);
        CHECK_FALSE(of_file("O:BAD:(A;;FA;;;SY)(A;;" + std::string(rights) + ";;;BU)").empty());
    }
    for (const char* rights :
         {"FR", "FX", "FRFX", "GR", "GX", "0x1200a9", "CC", "SW", "WP", "LO", "RC", ""}) {
        INFO(rights);
        CHECK(of_file("O:BAD:(A;;FA;;;SY)(A;;" + std::string(rights) + ";;;BU)").empty());
    }
}

TEST_CASE("the complaint names the entry, who it is for, and the command that repairs it") {
    CHECK(
        of_file("O:BAD:(A;;FA;;;BA)(A;;0x1301bf;;;BU)") ==
        "C:\\Ops\\x.cmd may be changed by S-1-5-32-545 (Users) (entry (A;;0x1301bf;;;BU)); repair "
        "it with: icacls \"C:\\Ops\\x.cmd\" /inheritance:r /grant:r *S-1-5-18:F *S-1-5-32-544:F");
    CHECK(
        of_folder("O:BAD:(A;;FA;;;WD)") ==
        "C:\\Ops may be changed by S-1-1-0 (Everyone) (entry (A;;FA;;;WD)); repair it with: icacls "
        "\"C:\\Ops\" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F");
    CHECK(
        of_file("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)") ==
        "C:\\Ops\\x.cmd is owned by S-1-5-21-1-2-3-1001, who is no administrator; repair it with: "
        "icacls \"C:\\Ops\\x.cmd\" /setowner *S-1-5-32-544");
}

TEST_CASE("no list and an unreadable one are unsafe, an empty one is safe") {
    CHECK_FALSE(of_file("O:BAG:BAD:NO_ACCESS_CONTROL").empty());
    CHECK_FALSE(of_file("O:BAG:BA").empty());
    CHECK_FALSE(of_file("").empty());
    CHECK_FALSE(of_file("nonsense").empty());
    CHECK_FALSE(of_file("O:BAD:(A;;FA;;;BA").empty());
    CHECK_FALSE(of_file("O:BAD:(A;;??;;;BU)").empty());
    CHECK_FALSE(of_file("D:(A;;FA;;;BA)").empty());  // no owner told
    CHECK(of_file("O:BAD:P").empty());
}

TEST_CASE("entries that say nothing about the place itself do not count") {
    CHECK(of_folder("O:SYD:(A;OICIIO;FA;;;BU)(A;OICI;FA;;;BA)").empty());
    CHECK(of_folder("O:SYD:(A;OICI;FA;;;CO)").empty());
    CHECK(of_file("O:SYD:(D;;FA;;;BU)S:(AU;SAFA;FA;;;WD)").empty());
    CHECK(of_file("O:SYD:(A;;FA;;;BA)S:(ML;;NW;;;LW)").empty());
}

TEST_CASE("an entry that denies does not make up for one that allows") {
    CHECK_FALSE(of_file("O:BAD:(D;;FW;;;BU)(A;;FA;;;BU)").empty());
}

TEST_CASE("a conditional entry counts as if its condition held") {
    CHECK_FALSE(of_file("O:BAD:(XA;;FA;;;WD;(Title==\"(x)\"))(A;;FA;;;BA)").empty());
    CHECK(of_file("O:BAD:(XA;;FR;;;WD;(Title==\"(x)\"))(A;;FA;;;BA)").empty());
}

TEST_CASE("who may add files beside a program, or exchange a folder above it, is refused") {
    CHECK_FALSE(of_folder("O:SYD:(A;;DC;;;BU)").empty());
    CHECK_FALSE(of_folder("O:SYD:(A;;DT;;;BU)").empty());
    CHECK(of_folder("O:SYD:(A;;LC;;;AU)").empty());  // to add a folder changes nothing
    CHECK(of_folder_above("O:SYD:(A;CI;DCLCRPCR;;;BU)").empty());
    CHECK_FALSE(of_folder_above("O:SYD:(A;;DT;;;BU)").empty());
    CHECK_FALSE(of_folder_above("O:SYD:(A;;SD;;;BU)").empty());
    CHECK_FALSE(of_folder_above("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)").empty());
}

TEST_CASE("the folders of a fresh Windows are told apart as they should be") {
    const std::string root = "O:" + kTrustedInstaller +
                             "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
                             "(A;OICIIO;SDGXGWGR;;;AU)(A;;LC;;;AU)";
    const std::string program_data =
        "O:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)"
        "(A;CI;DCLCRPCR;;;BU)";
    CHECK(of_folder_above(root).empty());
    CHECK(of_folder(root).empty());
    CHECK(of_folder_above(program_data).empty());
    CHECK_FALSE(of_folder(program_data).empty());
}

TEST_CASE("the first complaint on the way from a file to its volume is told") {
    const std::string safe = "O:BAD:(A;;FA;;;BA)";
    CHECK(
        complaint_about(std::vector<SecuredPlace>{{"a", safe}, {"b", safe}, {"c", safe}}).empty());
    CHECK(complaint_about(
              std::vector<SecuredPlace>{{"a", safe}, {"b", safe}, {"c", "O:BAD:(A;;DT;;;WD)"}})
              .starts_with("c may be changed by"));
    CHECK(complaint_about(std::vector<SecuredPlace>{{"a", safe, true}, {"b", safe}})
              .starts_with("a is a link"));
}

TEST_CASE("a descriptor is taken apart") {
    const auto descriptor =
        parse_sddl("O:BAG:S-1-5-18D:AI(A;OICIIO;GR;;;S-1-5-32-545)(D;;0x3;;;WD)");
    REQUIRE(descriptor);
    CHECK(descriptor->owner == "S-1-5-32-544");
    REQUIRE(descriptor->entries);
    REQUIRE(descriptor->entries->size() == 2);
    CHECK(descriptor->entries->front().inherit_only);
    CHECK(descriptor->entries->front().sid == "S-1-5-32-545");
    CHECK(descriptor->entries->back().kind == AccessEntry::Kind::deny);
    CHECK(descriptor->entries->back().rights == 3);
    CHECK(descriptor->entries->back().text == "(D;;0x3;;;WD)");
}

}  // namespace
}  // namespace regwatch
