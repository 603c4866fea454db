/* Manual pages from the tables of commands, of options and of the methods' steps. */
#include "man_pages.h"

#include <adamas/adamas.h>

#include <ctype.h>
#include <string.h>

enum { LINE_WIDTH = 72 };

/* Characters that roff would read as requests, or print as typographic ones, are escaped. */
static int put_character(FILE *out, char c)
{
    static const struct {
        char character;
        const char *escape;
    } escapes[] = {{'\\', "\\(rs"}, {'-', "\\-"},   {'\'', "\\(aq"}, {'`', "\\(ga"},
                   {'^', "\\(ha"},  {'~', "\\(ti"}, {'"', "\\(dq"}};
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i].character == c)
            return fprintf(out, "%s", escapes[i].escape);
    return fputc(c, out), 1;
}

static int put_characters(FILE *out, const char *text, size_t length)
{
    int width = 0;
    for (size_t i = 0; i < length; i++)
        width += put_character(out, text[i]);
    return width;
}

/* A text on one line, as the argument of a macro. */
static void put_line(FILE *out, const char *text)
{
    if (*text == '.')
        fputs("\\&", out);
    put_characters(out, text, strlen(text));
}

/* A text with lines broken between words; a newline in it starts a paragraph. */
static void put_paragraphs(FILE *out, const char *text)
{
    int column = 0;
    while (*text) {
        size_t length = strcspn(text, " \n");
        if (column > 0)
            column = column + (int)length > LINE_WIDTH ? (fputc('\n', out), 0) : (fputc(' ', out), column + 1);
        if (column == 0 && *text == '.')
            fputs("\\&", out);
        column += put_characters(out, text, length);
        text += length;
        if (*text == '\n') {
            fputs("\n.PP\n", out);
            column = 0;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

/* The same, from a lower-case phrase to a sentence. */
static void put_sentence(FILE *out, const char *phrase)
{
    char text[1024];
    int length = snprintf(text, sizeof text, "%s", phrase);
    if (length <= 0 || (size_t)length >= sizeof text - 1)
        return;
    text[0] = (char)toupper((unsigned char)text[0]);
    text[length] = '.';
    text[length + 1] = '\0';
    put_paragraphs(out, text);
}

static void put_example(FILE *out, const char *text)
{
    fputs(".nf\n", out);
    for (; *text == '\n' ? text++ : text, *text; text += strcspn(text, "\n")) {
        put_characters(out, text, strcspn(text, "\n"));
        fputc('\n', out);
    }
    fputs(".fi\n", out);
}

static void put_heading(FILE *out, const char *page, const char *name, int section, const char *date)
{
    fprintf(
        out,
        ".\\\" Made from the tables of commands and of options: do not edit.\n.TH %s %d %s \"adamas %s\" \"Adamas\"\n",
        page, section, date, adamas_version());
    fprintf(out, ".SH NAME\n%s \\- ", name);
}

static void put_option(FILE *out, const option_row *row)
{
    fputs(".TP\n", out);
    if (row->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    fputs("\\fB\\-\\-", out);
    put_line(out, row->name);
    fputs("\\fR", out);
    if (row->value) {
        fputs(" \\fI", out);
        put_line(out, row->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_sentence(out, row->help);
}

static void put_reference(FILE *out, const char *page, int section, const char *after)
{
    fputs(".BR ", out);
    put_line(out, page);
    fprintf(out, " (%d)%s\n", section, after);
}

static void put_command_reference(FILE *out, const command *c, const char *after)
{
    char page[64];
    snprintf(page, sizeof page, "adamas-%s", c->name);
    put_reference(out, page, 1, after);
}

static void put_exit_status(FILE *out)
{
    fputs(".SH EXIT STATUS\n.TP\n0\nSuccess.\n.TP\n1\nError in the data or in the request: one line on the "
          "standard "
          "error\nnames the file, the place in it and what was expected.\n.TP\n2\nWrong usage.\n",
          out);
}

void write_main_page(FILE *out, const char *date)
{
    put_heading(out, "ADAMAS", "adamas", 1, date);
    fputs("origin of specimens from laser\\-induced breakdown spectra\n.SH SYNOPSIS\n", out);
    fputs(".B adamas\n.I command\n.RI [ options ]\n.IR file ...\n.br\n.B adamas help\n.RI [ command | \\fBmethods\\fP "
          "]\n",
          out);
    fputs(".br\n.B adamas \\-\\-version\n.SH DESCRIPTION\n", out);
    put_paragraphs(
        out, "Adamas estimates from laser-induced breakdown spectroscopy (LIBS) how strongly the data support each "
             "possible origin of specimens, such as rough diamonds, and of the parcel that they belong to, or "
             "that they support none.\n"
             "A shot is one laser pulse, so one spectrum. A specimen is what has an origin. A spectra set holds "
             "shots: it is a reference library if its specimens have origins, and a parcel file otherwise. A "
             "method is one line of text that says how spectra are processed and compared; a model is a method "
             "fitted to reference libraries. Spectra sets and models are HDF5 files; reports are JSON files or "
             "HTML pages.\n"
             "Progress is shown if the standard error is a terminal. If a command fails or is interrupted, it "
             "leaves no unfinished file.");
    fputs(".SH COMMANDS\n", out);
    for (const command *c = commands; c->name; c++) {
        fputs(".TP\n", out);
        put_command_reference(out, c, "");
        put_sentence(out, c->summary);
    }
    put_exit_status(out);
    fputs(".SH EXAMPLES\nFrom reference libraries and a parcel to a report:\n.PP\n", out);
    put_example(out, "adamas validate --leave locality -o validation.html CAR.h5 DRC.h5\n"
                     "adamas train -o model.h5 CAR.h5 DRC.h5\n"
                     "adamas classify -m model.h5 -o report.html parcel.h5");
    fputs(".SH SEE ALSO\n", out);
    for (const command *c = commands; c->name; c++)
        put_command_reference(out, c, ",");
    put_reference(out, "adamas-methods", 7, "");
}

static int has_option(const command *c, option_id wanted)
{
    for (const option_id *id = c->options; *id; id++)
        if (*id == wanted)
            return 1;
    return 0;
}

static void put_synopsis(FILE *out, const command *c)
{
    fprintf(out, ".SH SYNOPSIS\n.B adamas %s\n", c->name);
    for (const option_id *id = c->required; *id; id++)
        fprintf(out, ".B \\-\\-%s\n.I %s\n", option_table[*id].name, option_table[*id].value);
    fputs(".RI [ options ]\n", out);
    if (*c->operands)
        fprintf(out, ".I %s\n", c->operands);
}

void write_command_page(FILE *out, const char *date, const command *c)
{
    char title[64] = "ADAMAS\\-", name[64];
    size_t length = strlen(title);
    for (const char *letter = c->name; *letter && length + 1 < sizeof title; letter++)
        title[length++] = (char)toupper((unsigned char)*letter);
    snprintf(name, sizeof name, "adamas\\-%s", c->name);
    put_heading(out, title, name, 1, date);
    put_line(out, c->summary);
    fputc('\n', out);
    put_synopsis(out, c);
    fputs(".SH DESCRIPTION\n", out);
    put_paragraphs(out, c->description);
    fputs(".SH OPTIONS\n", out);
    for (const option_id *id = c->options; *id; id++)
        put_option(out, &option_table[*id]);
    put_exit_status(out);
    fputs(".SH EXAMPLES\n", out);
    put_example(out, c->example);
    fputs(".SH SEE ALSO\n", out);
    put_reference(out, "adamas", 1, has_option(c, OPTION_METHOD) ? "," : "");
    if (has_option(c, OPTION_METHOD))
        put_reference(out, "adamas-methods", 7, "");
}

static void put_default_method(FILE *out)
{
    adamas_error error;
    adamas_method *method;
    if (adamas_method_parse(&method, NULL, &error))
        return;
    fputs("The default method is\n.PP\n", out);
    put_example(out, adamas_method_text(method));
    adamas_method_free(method);
}

void write_methods_page(FILE *out, const char *date)
{
    put_heading(out, "ADAMAS\\-METHODS", "adamas\\-methods", 7, date);
    fputs("steps of a method\n.SH DESCRIPTION\n", out);
    put_paragraphs(
        out, "A method is one line of text: a sequence of steps, separated by \"|\", from the raw shots to the "
             "comparison with the origins. A step is a name, or a name with values in parentheses: "
             "name(value, key=value). A value that is given with \"=\" below is the default and may be left out.");
    fputs(".PP\n", out);
    put_default_method(out);
    fputs(".SH STEPS\nIn the order in which they may follow each other.\n", out);
    char usage[256];
    const char *summary;
    for (size_t i = 0; (summary = adamas_method_step(i, usage)) != NULL; i++) {
        fputs(".TP\n.B ", out);
        put_line(out, usage);
        fputc('\n', out);
        put_sentence(out, summary);
    }
    fputs(".SH SEE ALSO\n", out);
    put_reference(out, "adamas", 1, ",");
    put_reference(out, "adamas-train", 1, "");
}
