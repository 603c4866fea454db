/* Completion scripts from the tables of commands and of options. */
#include "completions.h"

#include <string.h>

static void put_command_names(FILE *out)
{
    for (const command *c = commands; c->name; c++)
        fprintf(out, "%s ", c->name);
}

static void put_choices(FILE *out, const option_row *row)
{
    for (size_t i = 0; row->choices[i]; i++)
        fprintf(out, "%s%s", i ? " " : "", row->choices[i]);
}

/* The options of a command by their long names. */
static void put_option_names(FILE *out, const command *c)
{
    for (const option_id *id = c->options; *id; id++)
        fprintf(out, "%s--%s", id == c->options ? "" : " ", option_table[*id].name);
}

/* The branch of a bash case for options whose value is a file, or for those whose value is neither that nor one of
 * some choices: "-o|--output|--html) kind=files". */
static void put_bash_branch(FILE *out, const command *c, int is_file)
{
    int n = 0;
    for (const option_id *id = c->options; *id; id++) {
        const option_row *row = &option_table[*id];
        if (!row->value || row->choices || row->is_file != is_file)
            continue;
        fputs(n++ ? "|" : "        ", out);
        if (row->letter)
            fprintf(out, "-%c|", row->letter);
        fprintf(out, "--%s", row->name);
    }
    if (n)
        fprintf(out, ") kind=%s ;;\n", is_file ? "files" : "none");
}

static void put_bash_command(FILE *out, const command *c)
{
    fprintf(out, "    %s)\n        options='", c->name);
    put_option_names(out, c);
    fputs("'\n        case $previous in\n", out);
    for (const option_id *id = c->options; *id; id++)
        if (option_table[*id].choices) {
            fprintf(out, "        --%s) kind=words words='", option_table[*id].name);
            put_choices(out, &option_table[*id]);
            fputs("' ;;\n", out);
        }
    put_bash_branch(out, c, 1);
    put_bash_branch(out, c, 0);
    fprintf(out, "        *) kind=%s ;;\n        esac\n        ;;\n", *c->operands ? "files" : "none");
}

/* Names of files are left to readline, as `complete -o default` says: COMPREPLY stays empty. */
void write_bash_completion(FILE *out)
{
    fputs("# bash completion for adamas: made from the command's tables, do not edit.\n"
          "_adamas()\n{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
          "    local kind=none words= options=\n"
          "    COMPREPLY=()\n"
          "    ((COMP_CWORD > 1)) || command=\n"
          "    # --option=value comes as three words.\n"
          "    if [[ $current == = ]]; then\n        current=\n"
          "    elif [[ $previous == = ]]; then\n        previous=${COMP_WORDS[COMP_CWORD-2]}\n    fi\n"
          "    case $command in\n    '')\n        kind=words words='",
          out);
    put_command_names(out);
    fputs("help --help --version'\n        ;;\n    help)\n        ((COMP_CWORD == 2)) && kind=words words='", out);
    put_command_names(out);
    fputs("methods'\n        ;;\n", out);
    for (const command *c = commands; c->name; c++)
        put_bash_command(out, c);
    fputs("    esac\n"
          "    if [[ $current == -* && $options ]]; then\n        kind=words words=$options\n    fi\n"
          "    case $kind in\n"
          "    words) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
          "    none) compopt +o default +o bashdefault ;;\n"
          "    esac\n}\n"
          "complete -o bashdefault -o default -F _adamas adamas\n",
          out);
}

/* A text within '...' of zsh, in a place where a character of `special` has a meaning and is escaped. */
static void put_zsh_text(FILE *out, const char *text, const char *special)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else {
            if (strchr(special, *text))
                fputc('\\', out);
            fputc(*text, out);
        }
}

/* An option of _arguments: '(-o --output)'{-o,--output=}'[help]:FILE:_files'. */
static void put_zsh_option(FILE *out, const option_row *row, int may_repeat)
{
    const char *equals = row->value ? "=" : "";
    fputs("            ", out);
    if (may_repeat)
        fprintf(out, "'*--%s%s", row->name, equals);
    else if (row->letter)
        fprintf(out, "'(-%c --%s)'{-%c,--%s%s}'", row->letter, row->name, row->letter, row->name, equals);
    else
        fprintf(out, "'--%s%s", row->name, equals);
    fputc('[', out);
    put_zsh_text(out, row->help, "[]\\:");
    fputc(']', out);
    if (row->value) {
        fprintf(out, ":%s:", row->value);
        if (row->choices) {
            fputc('(', out);
            put_choices(out, row);
            fputc(')', out);
        } else
            fputs(row->is_file ? "_files" : " ", out);
    }
    fputs("' \\\n", out);
}

static void put_zsh_command(FILE *out, const command *c)
{
    fprintf(out, "    (%s)\n        _arguments \\\n", c->name);
    for (const option_id *id = c->options; *id; id++)
        put_zsh_option(out, &option_table[*id], *id == OPTION_SET);
    fputs(*c->operands ? "            '*:file:_files'\n        ;;\n" : "            && return 0\n        ;;\n", out);
}

static void put_zsh_summaries(FILE *out)
{
    fputs("    commands=(\n", out);
    for (const command *c = commands; c->name; c++) {
        fprintf(out, "        '%s:", c->name);
        put_zsh_text(out, c->summary, "\\:");
        fputs("'\n", out);
    }
    fputs("        'help:print the list of commands, or the help of a command or of methods'\n    )\n", out);
}

void write_zsh_completion(FILE *out)
{
    fputs("#compdef adamas\n# zsh completion for adamas: made from the command's tables, do not edit.\n"
          "local context state state_descr line\nlocal -a commands\ntypeset -A opt_args\n"
          "_arguments -C '(- : *)'{-h,--help}'[print the list of commands]' "
          "'(- : *)--version[print the version]' \\\n"
          "    '1:command:->command' '*::argument:->argument' && return 0\n"
          "case $state in\n(command)\n",
          out);
    put_zsh_summaries(out);
    fputs("    _describe -t commands command commands\n    ;;\n(argument)\n    case $words[1] in\n", out);
    for (const command *c = commands; c->name; c++)
        put_zsh_command(out, c);
    fputs("    (help)\n        _arguments '1:topic:(", out);
    put_command_names(out);
    fputs("methods)'\n        ;;\n    esac\n    ;;\nesac\n", out);
}
