# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that is made lies below $(BUILD); sources are found by wildcard. CC, CFLAGS, CPPFLAGS,
# LDFLAGS, CLANG, LLVM_STRIP, PREFIX, DESTDIR, WERROR=1 and V=1 do what one expects of them.

VERSION = 0.1.0
BUILD ?= build
BPF ?= $(BUILD)/bpf
OBJ = $(BUILD)/obj
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
CFLAGS ?= -O2 -g
DROP ?= 3# the bucket (enum na_bucket) that the broken build for the tests forgets
HASH := \#

newest = $(firstword $(shell command -v $(1) 2>/dev/null; IFS=:; \
	for d in $$PATH; do ls -d "$$d"/$(1)-[0-9]* 2>/dev/null; done | sort -rV))
CLANG := $(or $(CLANG),$(call newest,clang),clang)
# Without it the objects are larger: they keep DWARF, which nothing reads.
LLVM_STRIP := $(or $(LLVM_STRIP),$(call newest,llvm-strip),:)

PKG_CONFIG ?= pkg-config
PACKAGES = libbpf >= 1.1 libnl-3.0 libnl-route-3.0 libelf zlib json-c
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags "$(PACKAGES)" 2>/dev/null)
LIBS := $(shell $(PKG_CONFIG) --libs "$(PACKAGES)" 2>/dev/null)
# Each of these that pkg-config knows switches a feature on: -DHAVE_LIBCAP, and --version says so.
OPTIONAL = libcap sqlite3 libmaxminddb
FOUND := $(foreach p,$(OPTIONAL),$(shell $(PKG_CONFIG) --exists $(p) 2>/dev/null && echo $(p)))
FEATURES := $(foreach p,$(FOUND),-DHAVE_$(shell echo $(p) | tr a-z- A-Z_)) \
	$(if $(strip $(FOUND)),$(shell $(PKG_CONFIG) --cflags $(FOUND)))
# These are loaded when they are first needed (src/history/library.h), not linked.
LOADED = sqlite3 libmaxminddb
LINKED := $(filter-out $(LOADED),$(FOUND))
OPTIONAL_LIBS := -ldl $(if $(LINKED),$(shell $(PKG_CONFIG) --libs $(LINKED)))
CMOCKA_CFLAGS := $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
CMOCKA_LIBS := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
OPTIMISED = $(filter-out -O0,$(filter -O%,$(CFLAGS)))
FORTIFY = $(if $(findstring FORTIFY,$(CFLAGS) $(CPPFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDENING ?= -fstack-protector-strong $(if $(OPTIMISED),$(FORTIFY))
COMPILE = $(CC) -std=gnu11 $(WARNINGS) -Iinclude -I$(BUILD)/include $(PACKAGE_CFLAGS) $(FEATURES) \
	-DNETACCT_VERSION='"$(VERSION)"' -fPIE $(HARDENING) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) -pie -pthread -Wl,-z,relro -Wl,-z,now $(CFLAGS) $(LDFLAGS)
# clang -target bpf does not know where the host keeps <asm/types.h>; its compiler does.
ASM_INCLUDE := $(patsubst %/asm/types.h,%,$(filter %/asm/types.h,$(shell \
	echo '$(HASH)include <asm/types.h>' | $(CC) -M -xc - 2>/dev/null)))
# Verifiers up to 6.1 refuse a loop that is entered by falling through into its middle, which is
# how clang may place blocks ("back-edge").
BPF_LAYOUT = -mllvm -disable-block-placement
BPF_COMPILE = $(CLANG) -O2 -g -target bpf $(BPF_LAYOUT) -mcpu=v3 -Wall -Wextra -Wno-unused-parameter \
	-Ibpf -Iinclude $(addprefix -idirafter ,$(ASM_INCLUDE))
ERROR = $(if $(WERROR),-Werror)
SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

objects = $(patsubst %.c,$(OBJ)/%.o,$(filter-out %.bpf.c,$(1)))
MAIN = $(OBJ)/src/main.o
LIB = $(BUILD)/libnetacct.a
# What a library that is not there takes along.
WITHOUT = $(if $(filter sqlite3,$(FOUND)),, \
	$(filter-out src/history/level.c,$(wildcard src/history/*.c)) \
	$(filter-out $(CONFIG),$(wildcard src/collector/*.c)) src/cmd/collect%.c \
	src/cmd/cmd_collect.c src/cmd/report%.c src/cmd/cmd_report.c src/cmd/history%.c \
	tests/unit/test_history% \
	$(filter-out tests/unit/test_collector_config%,$(wildcard tests/unit/test_collector*.c)))
CONFIG = src/collector/config.c $(wildcard src/collector/config_*.c)
SOURCES = $(filter-out $(WITHOUT),$(wildcard src/*.c src/*/*.c src/*/*/*.c netlink/*.c))
LIB_OBJECTS = $(OBJ)/embed.o $(filter-out $(MAIN),$(call objects,$(SOURCES)))
BPF_OBJECTS = $(sort $(patsubst bpf/%.c,$(BPF)/%.o,$(wildcard bpf/*.bpf.c)) \
	$(BPF)/netacct-nohot.bpf.o)

programs = $(if $(CMOCKA_LIBS),$(patsubst %.c,$(BUILD)/%,$(filter-out $(WITHOUT), \
	$(wildcard tests/$(1)/test_*.c))))
helpers = $(call objects,$(filter-out tests/$(1)/test_%,$(wildcard tests/$(1)/*.c)))
FUZZERS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELPERS = $(call objects,$(filter-out tests/fuzz/fuzz_% tests/fuzz/driver.c, \
	$(wildcard tests/fuzz/*.c)))
FUZZ_ENGINE = $(OBJ)/tests/fuzz/driver.o
FUZZED = $(call objects,$(wildcard src/record/*.c src/output/*.c src/source/*.c netlink/*.c \
	src/meter/json_*.c src/meter/prefix.c src/meter/whitelist.c src/meter/whitelist_load.c) \
	$(CONFIG) src/history/level.c)
NETNS_OBJECTS = $(call objects,$(wildcard tests/netns/*.c))
BENCH_OBJECTS = $(call objects,$(wildcard tests/bench/*.c))
BENCH_BPF_OBJECTS = $(patsubst tests/bench/%.c,$(BUILD)/tests/%.o,$(wildcard tests/bench/*.bpf.c))
TEST_BPF_OBJECTS = $(patsubst %.c,$(BUILD)/tests/%.o,$(notdir $(wildcard tests/*/*.bpf.c)))
KERNEL_PROGRAMS = $(call programs,bpf) $(TEST_BPF_OBJECTS) $(BUILD)/tests/probe \
	$(if $(NETNS_OBJECTS),$(BUILD)/tests/netns $(BUILD)/netacct-drop-$(strip $(DROP)))

# Who called sudo builds, so that no file in the tree is root's.
BUILDER = scripts/as-builder $(MAKE)
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
say = @printf '  %-5s %s\n' '$(1)' '$@'
Q = $(if $(V),,@)

all: $(BUILD)/netacct ## build build/netacct (the default)

# A file that holds a variable's value and is out of date when that has changed.
define stamp
$(1): export STAMP = $$(strip $$($(2)))
ifneq ($$(file <$(1)),$$(strip $$($(2))))
.PHONY: $(1)
endif
$(1):
	@mkdir -p $$(@D)
	@printf '%s\n' "$$$$STAMP" >$$@
endef
FLAGS = $(COMPILE) $(LINK) $(LIBS) $(OPTIONAL_LIBS) $(CMOCKA_LIBS)
VERSION_H := $(HASH)define NETACCT_COMMIT "$(shell scripts/commit)"
EMBEDDED = $(BPF_OBJECTS)
$(eval $(call stamp,$(BUILD)/flags,FLAGS))
$(eval $(call stamp,$(BUILD)/include/version.h,VERSION_H))
$(eval $(call stamp,$(BUILD)/members,LIB_OBJECTS))
$(eval $(call stamp,$(BUILD)/embedded,EMBEDDED))
$(eval $(call stamp,$(BPF)/flags,BPF_COMPILE))
ifeq ($(LIBS),)
$(BUILD)/flags: packages
endif

packages:
	@$(PKG_CONFIG) --exists --print-errors "$(PACKAGES)" || \
		{ echo "netacct: build: a library is missing: scripts/install-deps build" >&2; exit 1; }

$(OBJ)/%.o: %.c $(BUILD)/flags | $(BUILD)/include/version.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(COMPILE) $(ERROR) $(CMOCKA_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJECTS) $(BUILD)/members
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJECTS)

define link
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS) $(OPTIONAL_LIBS) $(1)
endef
$(BUILD)/netacct: $(MAIN) $(LIB)
	$(call link)
$(BUILD)/netacct-drop-%: $(MAIN) $(OBJ)/embed-drop-%.o $(LIB)
	$(call link)
$(BUILD)/tests/probe: $(OBJ)/tests/probe.o
	$(call link)
$(BUILD)/tests/leak: $(OBJ)/tests/leak.o $(LIB)
	$(call link)
$(BUILD)/tests/netns: $(NETNS_OBJECTS) $(LIB)
	$(call link)
$(BUILD)/bench: $(BENCH_OBJECTS) $(LIB)
	$(call link)
$(FUZZERS): $(BUILD)/%: $(OBJ)/%.o $(FUZZ_HELPERS) $(FUZZ_ENGINE) $(LIB)
	$(call link)
define test_programs
$(call programs,$(1)): $(BUILD)/%: $(OBJ)/%.o $(call helpers,$(1)) $(LIB)
	$$(call link,$(CMOCKA_LIBS))
endef
$(eval $(call test_programs,unit))
$(eval $(call test_programs,bpf))

# BPF: one source, compiled with and without the hot table, and with a bucket that it forgets.
define compile_bpf
	@mkdir -p $(@D)
	$(call say,BPF)
	$(Q)$(BPF_COMPILE) $(ERROR) $(1) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@ $<
	$(Q)$(LLVM_STRIP) -g $@
endef
$(BPF)/netacct-nohot.bpf.o: bpf/netacct.bpf.c $(BPF)/flags
	$(call compile_bpf,-DNETACCT_NO_HOT)
$(BPF)/netacct-drop-%.bpf.o: bpf/netacct.bpf.c $(BPF)/flags
	$(call compile_bpf,-DNETACCT_TEST_DROP_BUCKET=$*)
$(BPF)/netacct-nohot-drop-%.bpf.o: bpf/netacct.bpf.c $(BPF)/flags
	$(call compile_bpf,-DNETACCT_NO_HOT -DNETACCT_TEST_DROP_BUCKET=$*)
$(BPF)/%.bpf.o: bpf/%.bpf.c $(BPF)/flags
	$(call compile_bpf)
$(BUILD)/tests/%.bpf.o: tests/netns/%.bpf.c $(BPF)/flags
	$(call compile_bpf)
$(BUILD)/tests/%.bpf.o: tests/bpf/%.bpf.c $(BPF)/flags
	$(call compile_bpf)
$(BUILD)/tests/%.bpf.o: tests/bench/%.bpf.c $(BPF)/flags
	$(call compile_bpf)

$(BUILD)/embed.S: $(BUILD)/embedded scripts/embed
	$(Q)scripts/embed $(foreach o,$(BPF_OBJECTS),$(notdir $(o))=$(o)) >$@
$(BUILD)/embed-drop-%.S: $(BUILD)/embedded scripts/embed
	$(Q)scripts/embed $(foreach o,$(BPF_OBJECTS),$(notdir $(o))=$(call dropped,$(o),$*)) >$@
dropped = $(patsubst $(BPF)/netacct%.bpf.o,$(BPF)/netacct%-drop-$(2).bpf.o,$(1))
define assemble
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<
endef
$(OBJ)/embed.o: $(BUILD)/embed.S $(BPF_OBJECTS) $(BUILD)/flags
	$(call assemble)
$(OBJ)/embed-drop-%.o: $(BUILD)/embed-drop-%.S $(BPF_OBJECTS) $(BPF)/netacct-drop-%.bpf.o \
		$(BPF)/netacct-nohot-drop-%.bpf.o $(BUILD)/flags
	$(call assemble)

tests: unit kernel-tests
unit: $(call programs,unit)
kernel-tests: all $(KERNEL_PROGRAMS)

can_sanitize = echo 'int main(void) { return 0; }' | $(CC) $(SANITIZE) -o $(1)/probe -xc - 2>/dev/null

# The unit tests and the program once more, with the sanitizers; where the compiler has none,
# run-tests says so.
sanitized:
	@mkdir -p $(BUILD)/sanitize
	@if $(call can_sanitize,$(BUILD)/sanitize); then \
		$(MAKE) BUILD=$(BUILD)/sanitize BPF=$(BPF) CFLAGS='$(SANITIZE)' LDFLAGS= HARDENING= \
			WERROR= sanitized-targets; \
	fi
sanitized-targets: all unit $(BUILD)/tests/leak $(TEST_BPF_OBJECTS)

# The fuzz targets, in clang's libFuzzer where it is installed, else in a driver that replays files.
fuzzers:
	@mkdir -p $(BUILD)/fuzz
	+@if scripts/has-libfuzzer '$(CLANG)'; then \
		$(FUZZ_MAKE) CC='$(CLANG)' CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link' \
			LDFLAGS=-fsanitize=fuzzer FUZZ_ENGINE= fuzz-targets; \
	elif $(call can_sanitize,$(BUILD)/fuzz); then \
		$(FUZZ_MAKE) CFLAGS='$(SANITIZE)' LDFLAGS= fuzz-targets; \
	else \
		$(FUZZ_MAKE) fuzz-targets; \
	fi
FUZZ_MAKE = $(MAKE) BUILD=$(BUILD)/fuzz BPF=$(BPF) HARDENING= 'LIB_OBJECTS=$$(FUZZED)'
fuzz-targets: $(FUZZERS)

check test: ## install what the tests need, build, run every test (sudo make check)
	@scripts/install-deps build
	@scripts/install-deps extra || :
	@scripts/install-deps test || [ "$$(id -u)" != 0 ]
	@$(BUILDER) $(PARALLEL) WERROR=1 tests
	@scripts/install-deps fuzz || :
	@$(BUILDER) $(PARALLEL) sanitized
	@$(BUILDER) $(PARALLEL) fuzzers
	@BUILD='$(BUILD)' scripts/run-tests

check-sanitize: ## unit tests and, as root, those of tests/netns under ASan and UBSan
	@$(BUILDER) $(PARALLEL) sanitized kernel-tests
	@BUILD='$(BUILD)' scripts/run-tests sanitize sanitize-netns

check-valgrind: unit ## run the unit tests under valgrind
	@BUILD='$(BUILD)' scripts/run-tests valgrind

fuzz: ## fuzz for FUZZ_SECONDS (60) each; findings are in build/fuzz/findings
	@scripts/install-deps build
	@scripts/install-deps fuzz || [ "$$(id -u)" != 0 ]
	@$(BUILDER) $(PARALLEL) fuzzers
	@BUILD='$(BUILD)' FUZZ_SECONDS='$(or $(FUZZ_SECONDS),60)' scripts/as-builder scripts/fuzz

check-kernels: ## run them in Debian's kernels, in emulated machines: KERNELS="5.10 newest" (sudo)
	@scripts/install-deps build test
	@scripts/install-deps kernels || :
	@$(BUILDER) $(PARALLEL) kernel-tests
	@BUILD='$(BUILD)' tests/kernels/run

soak: ## drain, replace and verify under a flood of SOAK_PACKETS (10 million), neighbours about
	@[ "$$(id -u)" = 0 ] || { echo 'netacct: soak: needs root: sudo make soak' >&2; exit 1; }
	@scripts/install-deps build test
	@$(BUILDER) $(PARALLEL) kernel-tests
	@BUILD='$(BUILD)' SOAK_PACKETS='$(SOAK_PACKETS)' scripts/isolated $(BUILD)/tests/netns soak.

run: ## install, build, count for SECONDS on IFACE, show, leave nothing behind (sudo make run)
	@[ "$$(id -u)" = 0 ] || { echo 'netacct: run: needs root: sudo make run' >&2; exit 1; }
	@scripts/install-deps build
	@scripts/install-deps extra || :
	@$(BUILDER) $(PARALLEL) all
	@BUILD='$(BUILD)' scripts/run "$$IFACE" '$(or $(SECONDS),5)'

bench: all $(if $(BENCH_OBJECTS),$(BUILD)/bench $(BENCH_BPF_OBJECTS)) ## measure what counting costs
	@if [ -x scripts/bench ]; then BUILD='$(BUILD)' scripts/bench; \
	else echo 'netacct: bench: there are no benchmarks' >&2; exit 1; fi

install: ## install below $(DESTDIR)$(PREFIX)
	@$(BUILDER) all
	install -D -m 755 $(BUILD)/netacct '$(DESTDIR)$(SBINDIR)/netacct'
	@for page in $(wildcard man/*.[578]); do \
		install -v -D -m 644 $$page "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}" || exit; \
	done

uninstall: ## remove what install installed
	rm -f '$(DESTDIR)$(SBINDIR)/netacct'
	@for page in $(wildcard man/*.[578]); do \
		rm -fv "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; \
	done

lint: all ## cppcheck, clang-tidy, clang-format, shellcheck, and the house rules
	@BUILD='$(BUILD)' scripts/lint

format: ## let clang-format have its way
	@scripts/c-files | xargs $(call newest,clang-format) -i

clean: ## remove what was built
	rm -rf '$(BUILD)'

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z -]*:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

.PHONY: all packages tests unit kernel-tests sanitized sanitized-targets fuzzers fuzz-targets fuzz check test check-sanitize check-valgrind \
	check-kernels soak run bench install uninstall lint format clean help
.SECONDARY:
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

-include $(patsubst %.o,%.d,$(MAIN) $(LIB_OBJECTS) $(BPF_OBJECTS) $(TEST_BPF_OBJECTS) \
	$(call objects,$(wildcard tests/*.c tests/*/*.c)) $(wildcard $(BPF)/*-drop-*.o))
