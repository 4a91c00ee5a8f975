# SPDX-License-Identifier: GPL-2.0-only
#
# usercopy_guard as a module for an installed kernel.
#
#   make                 for the running kernel
#   make KVER=6.1.0-…    for another installed kernel
#   make KDIR=/path      for a kernel build tree or a headers folder
#
# In a kernel tree (scripts/add-to-kernel-tree) this file is not used.

ifneq ($(KERNELRELEASE),)
# Kbuild reads the file of its own name first; an old kernel that gets here is
# sent there as well.
include $(src)/Kbuild
else

# Words like "make V=1 W=1 C=2" go through to Kbuild.
KDIR ?= /lib/modules/$(or $(KVER),$(shell uname -r))/build
M    := $(CURDIR)
# The compiler is the kernel's own.
LLVM ?= $(shell scripts/llvm-of "$(KDIR)")
llvm := $(if $(LLVM),LLVM=$(LLVM))

# As many jobs as there are CPUs, if nobody has said how many.
jobs = $(if $(findstring -j,$(filter-out --%,$(MAKEFLAGS))),,-j$(shell nproc))

all: module

module: layout
	$(MAKE) $(jobs) -C $(KDIR) M=$(M) $(llvm) modules

# Offsets of the structures that headers packages do not carry, from the
# kernel's own BTF; looks for it by itself, or in BTF=FILE. And what its headers have.
layout:
	@scripts/make-layout "$(KDIR)" "$(BTF)"
	@scripts/make-features "$(KDIR)"

modules_install install: module
	@scripts/install "$(KDIR)"

uninstall:
	@scripts/uninstall "$(KDIR)"

dkms-install:
	@scripts/dkms-install "$(KVER)"

# Debian packages, into build/deb/.
deb:
	@scripts/make-deb

# The sources of an rpm by DKMS, and the rpm, into build/rpm/.
rpm:
	@scripts/make-rpm

# The documentation as a site, into build/site/.
site:
	@command -v sphinx-build >/dev/null || scripts/setup site
	sphinx-build -W --keep-going -q -b html Documentation build/site

usercopyctl:
	$(MAKE) -C scripts/usercopyctl

clean:
	$(RM) -r build usercopy/module/btf/layout.gen.h usercopy/module/features.gen.h
	@if [ -e "$(KDIR)/Makefile" ]; then $(MAKE) -s -C $(KDIR) M=$(M) clean; fi
	@$(MAKE) -s -C scripts/usercopyctl clean
	@$(MAKE) -s -C scripts/btf-layout clean

# Everything below installs what it needs, says so, and works in virtual
# machines only; the kernel of this machine is never touched.
setup:
	@scripts/setup

demo:
	@scripts/dev/demo

check:
	@scripts/dev/check

kunit:
	@tests/kunit/run

# Long: compiles much of three kernels.
tree:
	@tests/tree/run
	@tests/tree/boot

vmtest:
	@tests/vm/run

matrix:
	@tests/vm/matrix

bench:
	@tests/bench/run

bench-native:
	@tests/bench/native

stress:
	@tests/vm/stress

fuzz:
	@tests/fuzz/run

patch:
	@scripts/make-patch $(if $(OUT),--out "$(OUT)") $(if $(SIGNOFF),--signoff) "$(KERNEL)"

.PHONY: all module layout modules_install install uninstall dkms-install deb rpm site usercopyctl clean
.PHONY: setup demo check kunit tree vmtest matrix bench bench-native stress fuzz patch
endif
