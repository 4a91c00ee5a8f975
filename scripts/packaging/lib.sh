# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What scripts/install, scripts/uninstall and scripts/dkms-install share.
#
# DESTDIR (or INSTALL_MOD_PATH, for the module alone) goes in front of every path that is
# written. What is put there is recorded below $records, one file per kernel, one for
# what all kernels share, and one for DKMS: uninstall removes what is recorded, no more.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

name=usercopy_guard
version=$(<"$top/VERSION")
DESTDIR=${DESTDIR:-}
INSTALL_MOD_PATH=${INSTALL_MOD_PATH:-$DESTDIR}
records=/usr/share/$name/installed
rules_dir=/etc/$name
# Where zsh looks for what packages bring: Debian has a folder of its own for it.
zsh_functions=${ZSH_FUNCTIONS:-/usr/share/zsh/$([ -e /etc/debian_version ] && echo vendor-completions || echo site-functions)}
unit=$name.service
units="$unit $name-history.service $name-record.service $name-record.timer $name-watch.service
	$name-export.service $name-export.timer"

# A kernel's release from its build folder, also when the headers are gone.
release_of() {
	local kdir=$1 release
	release=$(release_of_headers "$kdir") || release=
	if [ -z "$release" ]; then
		case $kdir in
		/lib/modules/*/build) release=${kdir#/lib/modules/} release=${release%/build} ;;
		*) die "$kdir is no configured kernel build folder." \
			"Name one: make KDIR=FOLDER, or make KVER=RELEASE." ;;
		esac
	fi
	printf '%s\n' "$release"
}

# What sha256sum says of a file, without its name.
sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# changed PATH RECORD - whether a file in place is not as it was when RECORD was made
changed() { ! grep -qxF -- "$(sum_of "$DESTDIR$1")  $1" "$2" 2>/dev/null; }

# put FILE PATH MODE RECORD - install a file below DESTDIR, and record it
put() {
	local file=$1 path=$2 mode=$3 record=$4
	if [ "${path#/etc/}" != "$path" ] && [ -e "$DESTDIR$path" ] && ! cmp -s "$file" "$DESTDIR$path" &&
		changed "$path" "$DESTDIR$records/common"; then
		echo "  kept       $DESTDIR$path (it was changed)"
		# Still ours, and still not as it came.
		printf '%s  %s\n' "$(sum_of "$file")" "$path" >>"$record"
		return
	fi
	install -D -m "$mode" "$file" "$DESTDIR$path"
	printf '%s  %s\n' "$(sum_of "$file")" "$path" >>"$record"
	echo "  installed  $DESTDIR$path"
}

# put_record FILE RECORD-NAME - keep what was recorded
put_record() {
	install -D -m 644 "$1" "$DESTDIR$records/$2"
	echo "  recorded   $DESTDIR$records/$2"
}

# copy_module_sources FOLDER - what the module is built from, without anything that a build left
# behind, and with its version in dkms.conf
copy_module_sources() {
	local parts=(Makefile Kbuild Kconfig LICENSE VERSION dkms.conf usercopy whitelist include scripts)
	local part
	for part in "${!parts[@]}"; do
		[ -e "$top/${parts[part]}" ] || unset "parts[part]"
	done
	mkdir -p "$1"
	tar -C "$top" -c --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='*.a' --exclude='.*.cmd' --exclude='.*.d' --exclude='*.gen.h' \
		--exclude='btf-layout/btf-layout' --exclude=scripts/{README,usercopyctl,dev,tree} \
		--exclude=scripts/packaging/{debian,examples,stage,README.rules} \
		"${parts[@]}" | tar -C "$1" -x --no-same-owner
	sed -i "s/#MODULE_VERSION#/$version/" "$1/dkms.conf"
}

# Everything but the module: the same for all kernels.
put_common() {
	local record tmp
	tmp=$(mktemp -d)
	record=$tmp/record
	: >"$record"
	put_files "$record" "$tmp"
	take_older "$record"
	put_record "$record" common
	rm -rf "$tmp"
}

# put_files RECORD TMP - the files of put_common, without keeping what was recorded
put_files() {
	local record=$1 tmp=$2 file
	make -s -C "$top/scripts/usercopyctl" OUT="$tmp/ctl" || die "usercopyctl does not build, see above."
	put "$tmp/ctl/usercopyctl" /usr/sbin/usercopyctl 755 "$record"
	for file in usercopyctl.8 $name.rules.5; do
		gzip -9n <"$top/scripts/usercopyctl/$file" >"$tmp/$file.gz"
		put "$tmp/$file.gz" "/usr/share/man/man${file##*.}/$file.gz" 644 "$record"
	done
	put "$top/scripts/usercopyctl/usercopyctl.bash" /usr/share/bash-completion/completions/usercopyctl 644 "$record"
	put "$top/scripts/usercopyctl/_usercopyctl" "$zsh_functions/_usercopyctl" 644 "$record"
	for file in $units; do
		put "$top/scripts/packaging/$file" "/usr/lib/systemd/system/$file" 644 "$record"
	done
	put "$top/scripts/packaging/$name.preset" "/usr/lib/systemd/system-preset/90-$name.preset" 644 "$record"
	for file in "$top"/scripts/packaging/examples/*; do
		put "$file" "/usr/share/doc/$name/examples/${file##*/}" 644 "$record"
	done
	for file in "$top"/README.md "$top"/Documentation/*.rst; do
		[ -e "$file" ] && put "$file" "/usr/share/doc/$name/${file##*/}" 644 "$record"
	done
	put "$top/scripts/packaging/README.rules" "$rules_dir/README" 644 "$record"
}

# take_older RECORD - remove what an older version had installed and the new record does not have
take_older() {
	local old=$DESTDIR$records/common sum path
	[ -e "$old" ] || return 0
	while read -r sum path; do
		grep -q -- "  $path\$" "$1" || printf '%s  %s\n' "$sum" "$path"
	done <"$old" >"$old.older"
	take common.older "$DESTDIR"
}

# take RECORD-NAME PREFIX - remove what a record lists below PREFIX, then the record
take() {
	local record=$DESTDIR$records/$1 prefix=$2 sum path
	while read -r sum path; do
		if [ ! -e "$prefix$path" ] && [ ! -L "$prefix$path" ]; then
			echo "  gone       $prefix$path"
		elif [ "${path#/etc/}" != "$path" ] &&
			[ "$(sum_of "$prefix$path")" != "$sum" ]; then
			echo "  kept       $prefix$path (it was changed)"
		else
			rm -f "$prefix$path"
			echo "  removed    $prefix$path"
		fi
	done <"$record"
	rm -f "$record"
}

# Folders of our own, if nothing of anybody else's is in them.
take_folders() {
	local dir
	for dir in "$records" "/usr/share/$name" "/usr/share/doc/$name/examples" \
		"/usr/share/doc/$name" "$rules_dir"; do
		[ -d "$DESTDIR$dir" ] || continue
		if rmdir "$DESTDIR$dir" 2>/dev/null; then
			echo "  removed    $DESTDIR$dir/"
		else
			echo "  kept       $DESTDIR$dir/ (there is something else in it)"
		fi
	done
}

# dkms_forget DKMS-OPTION... - take all versions out of DKMS, built and registered
dkms_forget() {
	local version
	for version in $(dkms status -m "$name" "$@" | sed -n "s,^$name/\([^,: ]*\).*,\1,p" | sort -u); do
		dkms remove -m "$name" -v "$version" --all "$@"
		echo "  removed    $name $version from DKMS"
	done
}

# What to do next; nothing of it is done by installing.
say_how_to_enable() {
	cat <<END

Nothing is enabled. As root:
  modprobe $name                         now, with the policy warn: it reports, it refuses nothing
  echo $name >/etc/modules-load.d/$name.conf     at every boot
  systemctl enable $unit         rules from $rules_dir/*.rules at every boot
  systemctl enable $name-history.service $name-record.timer     keep what was seen
  systemctl enable $name-export.timer     tell Prometheus's node exporter of it
Examples for modprobe.d and sysctl.d are in /usr/share/doc/$name/examples/.
END
}
