// regwatch-events.dll: what Event Viewer makes of our events is what we mean by them.
#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "change/event_entry.h"
#include "e2e/files.h"
#include "support/message_table.h"
#include "text/utf.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

win32::Module load_messages() {
    win32::Module module(
        ::LoadLibraryExW((program_folder() + L"\\regwatch-events.dll").c_str(), nullptr,
                         LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
    REQUIRE(module);
    return module;
}

std::string without_returns(std::string text) {
    std::erase(text, '\r');
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string system_text(const win32::Module& messages, DWORD id,
                        const std::vector<std::u16string>& inserts) {
    std::vector<std::wstring> wide;
    for (const std::u16string& insert : inserts) wide.push_back(win32::to_wide(insert));
    std::vector<DWORD_PTR> arguments;
    for (const std::wstring& insert : wide)
        arguments.push_back(reinterpret_cast<DWORD_PTR>(insert.c_str()));
    std::wstring text(64 * 1024, L'\0');
    const DWORD length = ::FormatMessageW(
        FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, messages.get(), id, 0,
        text.data(), static_cast<DWORD>(text.size()), reinterpret_cast<va_list*>(arguments.data()));
    text.resize(length);
    return without_returns(win32::to_utf8(text));
}

// Of the whole table, in every language it has.
std::set<DWORD> ids_of(const win32::Module& messages) {
    const HRSRC resource = ::FindResourceW(messages.get(), MAKEINTRESOURCEW(1), RT_MESSAGETABLE);
    REQUIRE(resource != nullptr);
    const auto* data = static_cast<const MESSAGE_RESOURCE_DATA*>(
        ::LockResource(::LoadResource(messages.get(), resource)));
    REQUIRE(data != nullptr);
    std::set<DWORD> ids;
    for (DWORD i = 0; i < data->NumberOfBlocks; ++i) {
        const MESSAGE_RESOURCE_BLOCK& block = data->Blocks[i];
        for (DWORD id = block.LowId; id <= block.HighId; ++id) ids.insert(id);
    }
    return ids;
}

std::vector<std::string> sample_inserts() {
    return {"one", "two", "three \"3\"", "100% of %1 and %n", "five!", "six\r\nlines", "se%%",
            "\t8", "9",   "ten",         "tags, tags"};
}

TEST_CASE("the system's text of every event is ours, and there is no other message", "[messages]") {
    const win32::Module messages = load_messages();
    std::set<DWORD> expected;
    for (const EventKind& kind : all_event_kinds()) {
        const EventEntry entry = event_entry(kind.id, sample_inserts());
        INFO(kind.name << ", system id " << std::hex << entry.system_id());
        const std::string ours = win32::to_utf8(win32::to_wide(render(entry)));
        CHECK(system_text(messages, entry.system_id(), entry.inserts) == without_returns(ours));
        CHECK(expected.insert(entry.system_id()).second);
    }
    const char* const categories[] = {"Service", "Configuration", "Watch",   "Registry change",
                                      "Action",  "Security",      "Delivery"};
    DWORD number = 0;
    for (const char* category : categories) {
        CHECK(system_text(messages, ++number, {}) == category);
        expected.insert(number);
    }
    CHECK(number == static_cast<DWORD>(EventCategory::delivery));
    CHECK(ids_of(messages) == expected);
}

TEST_CASE("the table in the file's bytes has each event's text as the list has it", "[messages]") {
    std::ifstream file(std::filesystem::path(program_folder() + L"\\regwatch-events.dll"),
                       std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file),
                                          std::istreambuf_iterator<char>()};
    const test::MessageTable table = test::read_message_table(bytes);
    CHECK(table.language == 0x409);
    // What make_messages.cmake has to write differently: '!' behind an insert would begin a format.
    const std::regex format("(%[0-9][0-9]?)!");
    for (const EventKind& kind : all_event_kinds()) {
        INFO(kind.name);
        const auto found = table.texts.find(EventEntry{kind.id, kind.level, {}, {}}.system_id());
        REQUIRE(found != table.texts.end());
        CHECK(without_returns(to_utf8(found->second)) ==
              std::regex_replace(std::string(kind.text), format, "$1%!"));
    }
    CHECK(table.texts.size() ==
          all_event_kinds().size() + static_cast<std::size_t>(EventCategory::delivery));
}

}  // namespace
}  // namespace regwatch::e2e
