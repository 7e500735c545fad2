# Sourced, not run: finds a JDK 25 or newer and names it JDK; says what to install otherwise.

# Prints the feature release of the JDK in folder $1, or nothing.
jdk_release() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
    local on_path="" folder release
    if command -v javac >/dev/null 2>&1; then
        on_path="$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"
    fi
    for folder in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* \
        /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -n "$folder" ] || continue
        release="$(jdk_release "$folder")"
        if [ -n "$release" ] && [ "$release" -ge 25 ]; then
            JDK="$folder"
            return 0
        fi
    done
    cat >&2 <<'MESSAGE'
terrane needs a JDK 25 or newer, and found none: not in JAVA_HOME, not on the PATH, not in /usr/lib/jvm.
Install one (Debian: the package temurin-25-jdk or openjdk-25-jdk-headless; macOS: brew install openjdk),
or set JAVA_HOME to one that is installed, and try again.
MESSAGE
    return 2
}

# Maven may run on any JDK from 17 on; its toolchains plugin finds ours by this name.
export_jdk() {
    export JAVA25_HOME="$JDK"
    if [ -z "${JAVA_HOME:-}" ] && ! command -v java >/dev/null 2>&1; then
        export JAVA_HOME="$JDK"
    fi
}
