# SPDX-License-Identifier: GPL-2.0-or-later
# A thin front for meson and the scripts; what to build and how stands in the meson.build files.
#
#   make                    build
#   make install            into $(DESTDIR)$(PREFIX)
#   make deps               install what is missing to build and to test (Debian)
#   make demo               see unsigned code being refused, in a guest with a stock kernel
#   make check              all tests; TOOL=kevents: of one tool
#   make check-all          all tests, and all guest cases on all kernels
#   make soak             the long tests: a million files, a hundred thousand starts, sccon's faults, prefetch's patch,
#                         a Debian of riscv64
#   make mutants            which one-line mistakes in the sources the tests do not notice
#   make mutants-kernel     the same of the engine in the kernel, with a guest for each
#   make attack-table     docs/threat-model.md's table of results, from the last make check
#   make interop-report   docs/interop.md's tables: every ELF file of this machine, signed
#   make bench              what the checks cost
#   make clean

BUILD ?= build
# Without a PREFIX, the one that the last build had.
PREFIX ?= $(shell cat $(BUILD)/.prefix 2>/dev/null || echo /usr)

all: configured
	ninja -C $(BUILD)

configured:
	@command -v meson >/dev/null || { echo "make: meson is missing: run make deps" >&2; exit 1; }
	@if [ ! -f $(BUILD)/build.ninja ]; then \
		meson setup --prefix $(PREFIX) $(BUILD); \
	elif [ "$$(cat $(BUILD)/.prefix 2>/dev/null)" != "$(PREFIX)" ]; then \
		meson configure -Dprefix=$(PREFIX) $(BUILD); \
	fi
	@echo $(PREFIX) >$(BUILD)/.prefix

install: all
	meson install -C $(BUILD) --no-rebuild

deps:
	@packaging/install-packages

demo: deps
	@$(MAKE) --no-print-directory -s all >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@demo/demo.sh $(BUILD)

check: deps
	@tests/check $(if $(TOOL),--tool $(TOOL))

check-all: deps
	@tests/check --all-kernels $(if $(TOOL),--tool $(TOOL))

soak: deps all
	@tests/guest/run --build $(BUILD) --case 'soak-*' --set soak=full --set limit=3600 --timeout 7800
	@for kernel in 6.1 6.12 newest; do tests/guest/sccon --build $(BUILD) --kernel $$kernel --soak || exit; done
	@tests/guest/sccon --build $(BUILD) --kernel debug-6.12
	@for kernel in 6.12 newest; do tests/guest/sccon-debian --kernel $$kernel || exit; done
	@tests/guest/prefetch-patch --build $(BUILD)

mutants: deps
	@tests/mutants/run

mutants-kernel: deps
	@tests/mutants/run-kernel

attack-table:
	@tests/guest/attack-table

interop-report: deps
	@$(MAKE) --no-print-directory -s all
	@tests/interop/report --build $(BUILD)

bench: deps
	@$(MAKE) --no-print-directory -s all
	@tests/guest/bench $(BUILD)

clean:
	rm -rf $(BUILD) $(BUILD).log build-check

.PHONY: all configured install deps demo check check-all soak mutants mutants-kernel attack-table interop-report bench clean
