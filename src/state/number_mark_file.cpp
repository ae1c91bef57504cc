#include "state/number_mark_file.h"

#include <array>
#include <span>
#include <string_view>

#include "platform/folder.h"
#include "text/sha256.h"

namespace regwatch {
namespace {

constexpr std::size_t kSlots = 2;
constexpr std::size_t kSlotSize = 4096;  // a sector, so that a torn write of one spares the other
constexpr std::string_view kMagic = "RgWtNum1";
constexpr std::size_t kNumberSize = 8;
constexpr std::size_t kHashed = kMagic.size() + 3 * kNumberSize;
constexpr std::size_t kHashDigits = 64;

struct Slot {
    std::uint64_t serial = 0;  // of two, the higher is the later one
    NumbersMarked marked;
};

void add_number(std::string& bytes, std::uint64_t number) {
    for (std::size_t i = 0; i < kNumberSize; ++i)
        bytes += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = kNumberSize; i > 0; --i)
        number = (number << 8) | static_cast<unsigned char>(bytes[at + i - 1]);
    return number;
}

std::string hash_of(std::string_view bytes) {
    return sha256({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::string bytes_of(const Slot& slot) {
    std::string bytes(kMagic);
    add_number(bytes, slot.serial);
    add_number(bytes, slot.marked.stored);
    add_number(bytes, slot.marked.set_aside);
    return bytes + hash_of(bytes);
}

std::optional<Slot> slot_in(std::string_view bytes) {
    if (bytes.size() < kHashed + kHashDigits || !bytes.starts_with(kMagic)) return std::nullopt;
    const std::string_view hashed = bytes.substr(0, kHashed);
    if (bytes.substr(kHashed, kHashDigits) != hash_of(hashed)) return std::nullopt;
    Slot slot;
    slot.serial = number_at(hashed, kMagic.size());
    slot.marked.stored = number_at(hashed, kMagic.size() + kNumberSize);
    slot.marked.set_aside = number_at(hashed, kMagic.size() + 2 * kNumberSize);
    return slot;
}

struct Newest {
    Slot slot;
    std::size_t place = 0;
};

std::optional<Newest> newest_in(std::string_view bytes) {
    std::optional<Newest> newest;
    for (std::size_t place = 0; place < kSlots; ++place) {
        if (bytes.size() < place * kSlotSize) break;
        const auto slot = slot_in(bytes.substr(place * kSlotSize, kSlotSize));
        if (slot && (!newest || slot->serial > newest->slot.serial)) newest = Newest{*slot, place};
    }
    return newest;
}

}  // namespace

NumberMarkFile::NumberMarkFile(const std::string& folder)
    : file_(join_path(folder, "regwatch.numbers"), kSlots * kSlotSize) {}

Result<std::optional<NumbersMarked>> NumberMarkFile::read() {
    const auto bytes = file_.read();
    if (!bytes) return bytes.error();
    const auto newest = newest_in(*bytes);
    if (!newest) return std::optional<NumbersMarked>();
    return std::optional<NumbersMarked>(newest->slot.marked);
}

Result<void> NumberMarkFile::write(const NumbersMarked& marked) {
    const auto bytes = file_.read();
    if (!bytes) return bytes.error();
    const auto newest = newest_in(*bytes);
    const Slot slot{newest ? newest->slot.serial + 1 : 1, marked};
    const std::size_t place = newest ? (newest->place + 1) % kSlots : 0;
    return file_.write(bytes_of(slot), place * kSlotSize);
}

}  // namespace regwatch
