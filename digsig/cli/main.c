// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig: a table of subcommands. */
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "config.h"

static const struct subcommand subcommands[] = {
	{ "key", "new NAME | import PUBLIC.gpg [OPTION...]", "make a signing key and its certificate", cmd_key },
	{ "sign", "--key KEY [OPTION...] FILE...", "put a signature block into ELF files", cmd_sign },
	{ "prepare", "--cert CERT [OPTION...] FILE", "write what a key elsewhere has to sign", cmd_prepare },
	{ "attach", "[OPTION...] FILE SIGNATURE", "put a signature that was made elsewhere into its file", cmd_attach },
	{ "verify", "--trust CERT|DIR [-q] FILE...", "check files against the trust", cmd_verify },
	{ "show", "[--trust CERT|DIR] [--json] FILE...", "explain what a signature block says", cmd_show },
	{ "strip", "FILE...", "take the signature block out again", cmd_strip },
	{ "extract", "[--manifest F] [--cms F] FILE", "write manifest and CMS to files", cmd_extract },
	{ "start", "[--trust CERT|DIR] [OPTION...]", "load the engine into the running kernel", cmd_start },
	{ "stop", "", "take the engine out again", cmd_stop },
	{ "mode", "[MODE]", "show or set monitor, permissive, enforcing", cmd_mode },
	{ "policy", "[--wx W] [SCOPE=on|off...]", "show or set what is judged", cmd_policy },
	{ "lock", "", "until the machine restarts: no stop, and only stricter", cmd_lock },
	{ "admit", "FILE|DIR...", "hand signature blocks to the kernel ahead of use", cmd_admit },
	{ "catalog", "create|sign|verify|show|load|unload|diff ...", "sign lists of digests, for what cannot carry a block", cmd_catalog },
	{ "revoke", "[--file FILE] [--key CERT] [OPTION...]", "take trust back, for good", cmd_revoke },
	{ "status", "[--json]", "say what is enforced, and how much trust is loaded", cmd_status },
	{ "log", "[--follow] [--json]", "print what the engine saw", cmd_log },
	{ "doctor", "[--json]", "say whether this kernel can enforce, and what is missing", cmd_doctor },
	{ "check", "[--trust CERT|DIR] [OPTION...] [PATH...]", "say what would be denied, before enforcing", cmd_check },
	{ "learn", "[OPTION...] [FILE]", "list what ran and would be denied, from the log", cmd_learn },
	{ "fanotify", "[--trust CERT|DIR] [OPTION...]", "run the weaker engine, in user space", cmd_fanotify },
};

#define SUBCOMMAND_COUNT (sizeof(subcommands) / sizeof(subcommands[0]))

static void print_help(FILE *out)
{
	fputs("usage: digsig SUBCOMMAND [OPTION...] [ARGUMENT...]\n"
	      "Signs ELF programs inside their own files, and has the kernel run only those.\n\n",
		out);
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
		fprintf(out, "  %-8s %s\n", subcommands[i].name, subcommands[i].summary);
	fputs("\ndigsig SUBCOMMAND --help tells the options of one; digsig(1) tells everything.\n",
		out);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		puts("digsig (Kernkit) " KERNKIT_VERSION);
		return EXIT_OK;
	}
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
		if (!strcmp(argv[1], subcommands[i].name))
			return subcommands[i].run(argc - 1, argv + 1);
	complain("%s: no such subcommand: see digsig --help", argv[1]);
	return EXIT_USAGE;
}
