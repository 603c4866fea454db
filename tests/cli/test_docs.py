"""Manual pages and completion: they list what the help of the command lists, and pass the linters."""
import os
import re
import shutil
import subprocess
import unittest

from harness import Case, main

DOCS = os.environ["ADAMAS_DOCS"]
BASH = os.path.join(DOCS, "bash-completion", "completions", "adamas")
ZSH = os.path.join(DOCS, "zsh", "site-functions", "_adamas")


class Docs(Case):
    def commands(self):
        return re.findall(r"^  (\w+) ", self.adamas("help"), re.M)

    def options(self, command):
        return re.findall(r"^  (?:-\w, )?(--[\w-]+)", self.adamas("help", command), re.M)

    def complete(self, *words):
        """The completions of the last word by bash; ["compopt ..."] if there are none, not even names of files."""
        script = 'compopt() { COMPREPLY=("compopt $*"); }; source "$1"; shift; COMP_WORDS=("$@"); ' \
                 'COMP_CWORD=$(($# - 1)); _adamas; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", script, "bash", BASH, "adamas", *words], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split("\n")[:-1]

    def pages(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(DOCS, "man")) for name in names]

    def test_every_command_has_a_page(self):
        named = {f"man1/adamas-{command}.1" for command in self.commands() if command != "help"}
        self.assertEqual({os.path.relpath(page, os.path.join(DOCS, "man")) for page in self.pages()},
                         {"man1/adamas.1", "man7/adamas-methods.7"} | named)

    def lint(self, *command):
        for page in self.pages():
            done = subprocess.run([*command, page], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.stdout, "")

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_pages_by_mandoc(self):
        self.lint("mandoc", "-Tlint")

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_pages_by_groff(self):
        self.lint("groff", "-man", "-ww", "-z", "-K", "utf8", "-T", "utf8")

    def test_pages_list_what_the_help_lists(self):
        for command in self.commands():
            if command == "help":
                continue
            with open(os.path.join(DOCS, "man", "man1", f"adamas-{command}.1"), encoding="utf-8") as file:
                page = file.read().replace("\\-", "-")
            self.assertEqual(re.findall(r"\\fB(--[\w-]+)", page), self.options(command))
        with open(os.path.join(DOCS, "man", "man7", "adamas-methods.7"), encoding="utf-8") as file:
            page = file.read()
        steps = re.findall(r"^  (\w+)(?:\(.*\))?$", self.adamas("help", "methods"), re.M)
        self.assertEqual(re.findall(r"^\.B (\w+)", page, re.M), steps)
        self.assertGreater(len(steps), 20)

    def test_bash(self):
        subprocess.run(["bash", "-n", BASH], check=True)
        self.assertEqual(self.complete("cl"), ["classify"])
        self.assertEqual(self.complete(""), [*self.commands(), "--help", "--version"])
        self.assertEqual(self.complete("help", "m"), ["methods"])
        for command in self.commands():
            if command != "help":
                self.assertEqual(self.complete(command, "--"), self.options(command))
        self.assertEqual(self.complete("validate", "--leave", ""), ["specimen", "locality", "session", "parcel", "auto", "locality-session"])
        self.assertEqual(self.complete("validate", "lib.h5", "--leave", "s"), ["specimen", "session"])
        self.assertEqual(self.complete("classify", "--answer", "=", "d"), ["densities"])
        self.assertEqual(self.complete("classify", "--answer", "="), ["parcel", "specimens", "densities"])

    def test_bash_leaves_files_to_readline(self):
        shown = subprocess.run(["bash", "-c", 'source "$1" && complete -p adamas', "bash", BASH],
                               capture_output=True, text=True)
        self.assertIn("-o default", shown.stdout)
        for words in (["info", ""], ["train", "-o", ""], ["classify", "--html", "r"], ["import", "--interpolate", "a"]):
            self.assertEqual(self.complete(*words), [""], words)
        for words in (["plan", ""], ["plan", "--parcel", ""], ["import", "--origin", ""], ["help", "plan", ""]):
            self.assertEqual(self.complete(*words), ["compopt +o default +o bashdefault"], words)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        subprocess.run(["zsh", "-n", ZSH], check=True)

    def test_zsh_lists_what_the_help_lists(self):
        with open(ZSH, encoding="utf-8") as file:
            script = file.read()
        for command in self.commands():
            if command != "help":
                part = re.search(rf"^    \({command}\)\n(.*?);;", script, re.M | re.S).group(1)
                self.assertEqual(re.findall(r"(?:^ *'\*?|,)(--[\w-]+)", part, re.M), self.options(command))


if __name__ == "__main__":
    main()
