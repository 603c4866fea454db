/* Lines of a file: decompressed (zlib), decoded, and cut at its line ends. */
#include "import/lines.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { chunk_bytes = 1 << 16, longest_line = 1 << 28, at_end = -1, nothing_held = -2 };

typedef enum encoding { bytes_as_they_are, utf16_little, utf16_big } encoding;

struct lines {
    const char *path;
    gzFile file;
    size_t number;
    int padded; /* padding was found, so no more characters may follow in this line */
    encoding encoding;
    int held; /* a character that was read ahead */
    size_t next;
    size_t have;
    char *at;
    size_t length;
    size_t capacity;
    unsigned char chunk[chunk_bytes];
};

static adamas_status refuse_read(lines *l, adamas_error *error)
{
    int code;
    gzerror(l->file, &code);
    if (code == Z_MEM_ERROR)
        return status_no_memory(error);
    if (code == Z_ERRNO)
        return status_set(error, ADAMAS_E_FILE, "%s: cannot be read: %s", l->path, strerror(errno));
    if (code == Z_BUF_ERROR)
        return status_set(error, ADAMAS_E_FORMAT, "%s: the gzip file is truncated after line %zu", l->path, l->number);
    return status_set(error, ADAMAS_E_FORMAT, "%s: the gzip file is damaged after line %zu", l->path, l->number);
}

static adamas_status fill(lines *l, adamas_error *error)
{
    int got = gzread(l->file, l->chunk, chunk_bytes);
    int code = Z_OK;
    if (got >= 0 && got < chunk_bytes)
        gzerror(l->file, &code);
    if (got < 0 || code < 0)
        return refuse_read(l, error);
    l->next = 0;
    l->have = (size_t)got;
    return ADAMAS_OK;
}

static adamas_status next_byte(lines *l, int *byte, adamas_error *error)
{
    if (l->next == l->have) {
        adamas_status status = fill(l, error);
        if (status)
            return status;
    }
    *byte = l->have ? l->chunk[l->next++] : at_end;
    return ADAMAS_OK;
}

static adamas_status next_utf16(lines *l, int *unit, adamas_error *error)
{
    int one, two = 0;
    adamas_status status = next_byte(l, &one, error);
    if (!status && one != at_end)
        status = next_byte(l, &two, error);
    if (!status && two == at_end)
        return status_set(error, ADAMAS_E_FORMAT, "%s: the file ends within a UTF-16 character", l->path);
    if (!status)
        *unit = one == at_end ? at_end : l->encoding == utf16_little ? one | two << 8 : one << 8 | two;
    return status;
}

static adamas_status next_character(lines *l, int *c, adamas_error *error)
{
    if (l->held != nothing_held) {
        *c = l->held;
        l->held = nothing_held;
        return ADAMAS_OK;
    }
    if (l->encoding == bytes_as_they_are)
        return next_byte(l, c, error);
    adamas_status status = next_utf16(l, c, error);
    if (status || *c < 0xD800 || *c > 0xDFFF)
        return status;
    int low = at_end;
    if (*c < 0xDC00)
        status = next_utf16(l, &low, error);
    if (!status && (low < 0xDC00 || low > 0xDFFF))
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: half a UTF-16 character found", l->path, l->number);
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
    return status;
}

/* UTF-8 of a character (The Unicode Standard, table 3-6): the number of bytes. */
static size_t encode(char out[4], int c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((0xF00 >> n & 0xFF) | c);
    return n;
}

static adamas_status reserve(lines *l, size_t capacity, adamas_error *error)
{
    if (capacity <= l->capacity)
        return ADAMAS_OK;
    char *grown = memory_grow(l->at, 2 * capacity, 1);
    if (!grown)
        return status_no_memory(error);
    l->at = grown;
    l->capacity = 2 * capacity;
    return ADAMAS_OK;
}

static int is_binary(int c)
{
    return c < ' ' && c != '\t' && c != '\v' && c != '\f';
}

static adamas_status put(lines *l, int c, adamas_error *error)
{
    const int end_of_dos_file = 0x1A;
    if (c == 0 || c == end_of_dos_file) {
        l->padded = 1;
        return ADAMAS_OK;
    }
    if (is_binary(c))
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: byte 0x%02x found: this is not a text file", l->path,
                          l->number, (unsigned)c);
    if (l->padded)
        return status_set(error, ADAMAS_E_FORMAT,
                          "%s:%zu: padding (byte 0x00 or 0x1a) found within the line: this is not a text file", l->path,
                          l->number);
    if (l->length >= longest_line)
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: a line of more than %d bytes: this is not a table", l->path,
                          l->number, longest_line);
    adamas_status status = reserve(l, l->length + 5, error);
    if (status)
        return status;
    if (l->encoding == bytes_as_they_are)
        l->at[l->length++] = (char)c;
    else
        l->length += encode(l->at + l->length, c);
    return ADAMAS_OK;
}

/* After a CR: it ends the line together with any CR and LF that follow, or by itself; one at a line's start that no LF
 * follows (LF CR as some programs write) ends nothing. */
static adamas_status end_at_return(lines *l, int *ended, adamas_error *error)
{
    int c = '\r';
    adamas_status status = ADAMAS_OK;
    while (!status && c == '\r')
        status = next_character(l, &c, error);
    if (status)
        return status;
    *ended = l->length > 0 || c == '\n';
    if (c != '\n')
        l->held = c;
    return ADAMAS_OK;
}

/* Converts the line to UTF-8 in place, from its end. */
static adamas_status from_latin1(lines *l, adamas_error *error)
{
    size_t high = 0;
    for (size_t i = 0; i < l->length; i++)
        high += (unsigned char)l->at[i] >= 0x80;
    adamas_status status = reserve(l, l->length + high + 1, error);
    if (status)
        return status;
    size_t to = l->length + high;
    l->at[to] = '\0';
    for (size_t from = l->length; from-- > 0;) {
        char bytes[4];
        size_t n = encode(bytes, (unsigned char)l->at[from]);
        to -= n;
        memcpy(l->at + to, bytes, n);
    }
    l->length += high;
    return ADAMAS_OK;
}

static adamas_status read_line(lines *l, int *last, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (int ended = 0; !status && !ended;) {
        int c;
        status = next_character(l, &c, error);
        if (status)
            break;
        *last = c == at_end;
        if (c == at_end || c == '\n')
            ended = 1;
        else if (c == '\r')
            status = end_at_return(l, &ended, error);
        else
            status = put(l, c, error);
    }
    return status;
}

adamas_status lines_next(lines *l, char **line, adamas_error *error)
{
    l->length = 0;
    l->padded = 0;
    l->number++;
    int last = 0;
    adamas_status status = read_line(l, &last, error);
    if (!status)
        status = reserve(l, l->length + 1, error);
    if (status)
        return status;
    l->at[l->length] = '\0';
    if (l->encoding == bytes_as_they_are && !text_is_utf8(l->at))
        status = from_latin1(l, error);
    if (last && l->length == 0) {
        l->held = at_end;
        l->number--;
        *line = NULL;
        return status;
    }
    *line = l->at;
    return status;
}

static void skip_byte_order_mark(lines *l)
{
    if (l->have >= 3 && memcmp(l->chunk, "\xEF\xBB\xBF", 3) == 0) {
        l->next = 3;
    } else if (l->have >= 2 && (memcmp(l->chunk, "\xFF\xFE", 2) == 0 || memcmp(l->chunk, "\xFE\xFF", 2) == 0)) {
        l->next = 2;
        l->encoding = l->chunk[0] == 0xFF ? utf16_little : utf16_big;
    }
}

adamas_status lines_open(lines **out, const char *path, adamas_error *error)
{
    lines *l = memory_new(1, sizeof *l);
    if (!l)
        return status_no_memory(error);
    l->path = path;
    l->held = nothing_held;
    errno = 0;
    l->file = gzopen(path, "rb");
    adamas_status status = ADAMAS_OK;
    if (!l->file)
        status = errno == 0 || errno == ENOMEM
                     ? status_no_memory(error)
                     : status_set(error, ADAMAS_E_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    if (!status)
        status = fill(l, error);
    if (status) {
        lines_close(l);
        return status;
    }
    skip_byte_order_mark(l);
    *out = l;
    return ADAMAS_OK;
}

const char *lines_path(const lines *l)
{
    return l->path;
}

size_t lines_number(const lines *l)
{
    return l->number;
}

uint64_t lines_bytes(lines *l)
{
    z_off_t offset = gzoffset(l->file);
    return offset < 0 ? 0 : (uint64_t)offset;
}

void lines_close(lines *l)
{
    if (!l)
        return;
    if (l->file)
        gzclose_r(l->file);
    free(l->at);
    free(l);
}
