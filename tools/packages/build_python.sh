#!/bin/sh
# Builds CPython for the self-contained tree: build_python.sh TRIPLE MACHINE SOURCES WORK BUILD_PYTHON
#
#   TRIPLE        what zig compiles for, such as x86_64-linux-gnu.2.17
#   MACHINE       x86_64 or aarch64
#   SOURCES       the directory of the source archives, whose hashes tools/packages/sources.py has checked
#   WORK          a directory of our own; the result is WORK/python. A stage that is done there is not done again
#   BUILD_PYTHON  an interpreter of the same minor version that runs on this machine, or "" where MACHINE is ours
#
# Called by tools/packages/interpreter.py. Needs make, perl, tar, xz, and ZIG (a command of one or more words).
set -eu
triple=$1 machine=$2 sources=$3 work=$4 build_python=$5
mkdir -p "$work/bin" "$work/prefix/lib" "$work/prefix/include"
cd "$work"

# One word each, because configure scripts and make rules take a compiler and its options apart.
# __DATE__ is an error for zig; sources that have it are not part of what is compared.
cat >bin/cc <<EOF
#!/bin/sh
exec $ZIG cc -target $triple -fno-sanitize=undefined -Wno-date-time -g0 "\$@"
EOF
printf '#!/bin/sh\nexec %s ar "$@"\n' "$ZIG" >bin/ar
printf '#!/bin/sh\nexec %s ranlib "$@"\n' "$ZIG" >bin/ranlib
chmod +x bin/cc bin/ar bin/ranlib
cc=$work/bin/cc ar=$work/bin/ar ranlib=$work/bin/ranlib
jobs=$(nproc)

unpack() { # ARCHIVE: into a fresh directory `source`
    rm -rf source
    mkdir source
    tar -xf "$sources/$1" -C source --strip-components=1
}

zlib() {
    unpack zlib.tar.gz
    cd source
    $cc -O2 -fPIC -D_LARGEFILE64_SOURCE=1 -DHAVE_UNISTD_H -DHAVE_STDARG_H -DHAVE_HIDDEN -c ./*.c
    $ar rcs ../prefix/lib/libz.a ./*.o
    cp zlib.h zconf.h ../prefix/include/
    cp LICENSE ../prefix/LICENSE.zlib
}

# Without configure, which the archive does not carry: what it would find out for glibc 2.17 and zig is known.
libffi() {
    unpack libffi.tar.gz
    case $machine in
        x86_64) directory=x86 target=X86_64
            files="x86/ffi64.c x86/unix64.S x86/ffiw64.c x86/win64.S" ;;
        aarch64) directory=aarch64 target=AARCH64
            files="aarch64/ffi.c aarch64/sysv.S" ;;
    esac
    cd source
    sed -e "s/@VERSION@/3.4.8/; s/@TARGET@/$target/; s/@HAVE_LONG_DOUBLE@/1/" \
        -e "s/@FFI_EXEC_TRAMPOLINE_TABLE@/0/" include/ffi.h.in >include/ffi.h
    cp "src/$directory/ffitarget.h" include/
    cat >include/fficonfig.h <<'EOF'
#define EH_FRAME_FLAGS "a"
#define FFI_EXEC_STATIC_TRAMP 1
#define HAVE_ALLOCA_H 1
#define HAVE_AS_CFI_PSEUDO_OP 1
#define HAVE_AS_X86_64_UNWIND_SECTION_TYPE 1
#define HAVE_AS_X86_PCREL 1
#define HAVE_HIDDEN_VISIBILITY_ATTRIBUTE 1
#define HAVE_LONG_DOUBLE 1
#define HAVE_MEMCPY 1
#define HAVE_MKOSTEMP 1
#define HAVE_RO_EH_FRAME 1
#define SIZEOF_DOUBLE 8
#define SIZEOF_LONG_DOUBLE 16
#define SIZEOF_SIZE_T 8
#define STDC_HEADERS 1
#ifdef LIBFFI_ASM
#define FFI_HIDDEN(name) .hidden name
#else
#define FFI_HIDDEN __attribute__ ((visibility ("hidden")))
#endif
EOF
    for file in prep_cif.c types.c raw_api.c closures.c tramp.c $files; do
        $cc -O2 -fPIC -fexceptions -Iinclude -I"src/$directory" -c "src/$file" -o "$(basename "$file").o"
    done
    $ar rcs ../prefix/lib/libffi.a ./*.o
    cp include/ffi.h include/ffitarget.h ../prefix/include/
    cp LICENSE ../prefix/LICENSE.libffi
}

# For the exporter's TLS. cryptography brings its own.
openssl() {
    unpack openssl.tar.gz
    cd source
    CC=$cc AR=$ar RANLIB=$ranlib perl Configure "linux-$machine" --prefix="$work/prefix" --libdir=lib \
        --openssldir=/etc/ssl no-shared no-tests no-apps no-docs no-legacy no-module no-engine no-dso no-quic no-ssl3 \
        no-comp no-cmp no-cms no-ts no-srp no-idea no-seed no-camellia no-aria no-sm2 no-sm3 no-sm4 no-rc2 no-rc4 \
        no-bf no-cast no-des no-md4 no-mdc2 no-rmd160 no-whirlpool no-ml-kem no-ml-dsa no-slh-dsa no-gost no-siphash \
        no-ui-console no-ct no-rfc3779 no-nextprotoneg no-psk no-secure-memory no-uplink >../openssl.configure.log
    make -s -j"$jobs" build_libs >../openssl.make.log 2>&1
    cp libssl.a libcrypto.a ../prefix/lib/
    cp -r include/openssl ../prefix/include/
    cp LICENSE.txt ../prefix/LICENSE.openssl
}

cpython() {
    unpack python.tar.xz
    cd source
    cross=
    if [ -n "$build_python" ]; then
        # what a test program would tell if it could be run here
        cross="--host=$machine-linux-gnu --build=$(./config.guess) --with-build-python=$build_python
            ac_cv_buggy_getaddrinfo=no ac_cv_file__dev_ptmx=yes ac_cv_file__dev_ptc=no"
    fi
    # Modules go into the program itself: fewer files to open at every start. What confkit does not use is left out.
    # shellcheck disable=SC2086 # words
    ./configure --prefix=/python $cross --disable-test-modules --without-ensurepip --without-static-libpython \
        --with-openssl="$work/prefix" --without-readline \
        MODULE_BUILDTYPE=static CC="$cc" AR="$ar" RANLIB="$ranlib" READELF=readelf \
        CFLAGS="-O3 -fwrapv" CPPFLAGS="-I$work/prefix/include" LDFLAGS="-L$work/prefix/lib -s" \
        LIBFFI_CFLAGS="-I$work/prefix/include" LIBFFI_LIBS="-L$work/prefix/lib -lffi" \
        ZLIB_CFLAGS="-I$work/prefix/include" ZLIB_LIBS="-L$work/prefix/lib -lz" \
        py_cv_module__sqlite3=n/a py_cv_module__curses=n/a py_cv_module__curses_panel=n/a py_cv_module__dbm=n/a \
        py_cv_module__gdbm=n/a py_cv_module__bz2=n/a py_cv_module__lzma=n/a py_cv_module__uuid=n/a \
        py_cv_module__tkinter=n/a py_cv_module_readline=n/a py_cv_module_nis=n/a \
        >../cpython.configure.log
    make -s -j"$jobs" >../cpython.make.log 2>&1
    # not `make install`, which compiles every module three times
    rm -rf ../python
    mkdir -p ../python/bin ../python/lib/python3.13/lib-dynload
    cp python ../python/bin/python3.13
    cp -r Lib/. ../python/lib/python3.13
    cp build/lib.*/_sysconfigdata_*.py ../python/lib/python3.13
    cp LICENSE ../prefix/LICENSE.python
}

for stage in zlib libffi openssl cpython; do
    if [ ! -e "$work/$stage.done" ]; then
        echo "$(date +%T) $stage for $triple"
        ("$stage")
        touch "$work/$stage.done"
    fi
done
rm -rf source
