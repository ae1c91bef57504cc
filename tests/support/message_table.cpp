#include "support/message_table.h"

#include <stdexcept>

namespace regwatch::test {

namespace {

constexpr std::uint32_t kMessageTableType = 11;  // RT_MESSAGETABLE
constexpr std::uint32_t kIsFolder = 0x80000000;
constexpr std::size_t kResourceDirectory = 2;

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint16_t u16(std::size_t at) const {
        require(at, 2);
        return static_cast<std::uint16_t>(bytes_[at] | bytes_[at + 1] << 8);
    }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const {
        return u16(at) | static_cast<std::uint32_t>(u16(at + 2)) << 16;
    }

private:
    void require(std::size_t at, std::size_t size) const {
        if (at + size > bytes_.size()) throw std::runtime_error("the file ends too early");
    }

    std::span<const std::uint8_t> bytes_;
};

struct Resources {
    std::size_t begin = 0;  // in the file
    std::uint32_t address = 0;
};

Resources find_resources(const Reader& file) {
    const std::size_t pe = file.u32(0x3C);
    if (file.u16(0) != 0x5A4D || file.u32(pe) != 0x4550) throw std::runtime_error("not a PE file");
    const std::size_t sections = file.u16(pe + 6);
    const std::size_t optional = pe + 24;
    if (file.u16(optional) != 0x20B) throw std::runtime_error("not a 64-bit file");
    const std::uint32_t address = file.u32(optional + 112 + 8 * kResourceDirectory);
    const std::size_t first = optional + file.u16(pe + 20);
    for (std::size_t i = 0; i < sections; ++i) {
        const std::size_t section = first + 40 * i;
        if (file.u32(section + 12) == address) return {file.u32(section + 20), address};
    }
    throw std::runtime_error("no section with resources");
}

struct Entry {
    std::uint32_t id = 0;
    std::uint32_t offset = 0;  // from the beginning of the resources, with kIsFolder
};

Entry entry(const Reader& file, const Resources& resources, std::uint32_t folder, std::size_t i) {
    const std::size_t at = resources.begin + (folder & ~kIsFolder) + 16 + 8 * i;
    return {file.u32(at), file.u32(at + 4)};
}

std::size_t entry_count(const Reader& file, const Resources& resources, std::uint32_t folder) {
    const std::size_t at = resources.begin + (folder & ~kIsFolder);
    return file.u16(at + 12) + std::size_t{file.u16(at + 14)};
}

void read_texts(const Reader& file, std::size_t table, MessageTable& messages) {
    const std::uint32_t blocks = file.u32(table);
    for (std::uint32_t block = 0; block < blocks; ++block) {
        const std::size_t at = table + 4 + std::size_t{12} * block;
        std::size_t text = table + file.u32(at + 8);
        for (std::uint64_t id = file.u32(at); id <= file.u32(at + 4); ++id) {
            const std::size_t length = file.u16(text);
            if (file.u16(text + 2) != 1) throw std::runtime_error("a text is not in UTF-16");
            std::u16string& units = messages.texts[static_cast<std::uint32_t>(id)];
            for (std::size_t i = 4; i + 1 < length; i += 2) {
                const char16_t unit = file.u16(text + i);
                if (unit != u'\0') units.push_back(unit);  // the padding
            }
            text += length;
        }
    }
}

}  // namespace

MessageTable read_message_table(std::span<const std::uint8_t> bytes) {
    const Reader file(bytes);
    const Resources resources = find_resources(file);
    for (std::size_t i = 0; i < entry_count(file, resources, 0); ++i) {
        const Entry type = entry(file, resources, 0, i);
        if (type.id != kMessageTableType) continue;
        if (entry_count(file, resources, type.offset) != 1)
            throw std::runtime_error("more than one message table");
        const Entry name = entry(file, resources, type.offset, 0);
        const Entry language = entry(file, resources, name.offset, 0);
        MessageTable messages;
        messages.language = language.id;
        const std::uint32_t address = file.u32(resources.begin + language.offset);
        read_texts(file, resources.begin + address - resources.address, messages);
        return messages;
    }
    throw std::runtime_error("no message table");
}

}  // namespace regwatch::test
