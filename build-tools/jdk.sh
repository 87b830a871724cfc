# Sourced by clew and build: find_jdk sets $jdk to the home of a JDK 25 or newer, run_build runs a verb under it.
# POSIX sh. Versions are read from each JDK's `release` file: a JVM started to ask would cost 30 ms at every start.

# Succeeds if $1 is the home of a JDK with the compiler and the Vector API; sets $version to its feature release.
is_jdk() {
    version=0 holds='jdk.compiler jdk.incubator.vector'
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value || [ -n "$key" ]; do
        value=${value#\"} value=${value%\"*}
        case $key in
            JAVA_VERSION) version=${value%%[!0-9]*} ;;
            MODULES)      holds=$value ;;
        esac
    done < "$1/release"
    [ "${version:-0}" -ge 25 ] || return 1
    case " $holds " in *' jdk.compiler '*) ;; *) return 1 ;; esac
    case " $holds " in *' jdk.incubator.vector '*) ;; *) return 1 ;; esac
}

# Sets $path to $1 with every link in its last component followed.
follow() {
    path=$1
    while [ -L "$path" ]; do
        link=$(readlink "$path")
        case $link in
            /*) path=$link ;;
            *)  path=${path%/*}/$link ;;
        esac
    done
}

# Sets $jdk to the home behind the first fitting `java` on PATH.
jdk_on_path() {
    rest=${PATH-}:
    while [ -n "$rest" ]; do
        folder=${rest%%:*} rest=${rest#*:}
        [ -x "${folder:=.}/java" ] || continue
        follow "$folder/java"
        jdk=${path%/*}/..
        is_jdk "$jdk" && return 0
    done
    return 1
}

# Sets $jdk to the oldest fitting JDK of the usual install folders: better the release tested with than a newer one.
jdk_installed() {
    home=${HOME:-/nonexistent} found='' oldest=999
    for jdk in \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/* /opt/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /opt/homebrew/opt/openjdk* \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
        "${SDKMAN_DIR:-$home/.sdkman}"/candidates/java/* "$home"/.jdks/* \
        "$home"/.local/share/mise/installs/java/* "$home"/.asdf/installs/java/*
    do
        if is_jdk "$jdk" && [ "$version" -lt "$oldest" ]; then
            found=$jdk oldest=$version
        fi
    done
    jdk=$found
    [ -n "$jdk" ]
}

# Sets $jdk by asking: macOS, or a version manager's `java` on PATH that is a script. A macOS without Java answers
# /usr/bin/java with a dialogue, so that one is left alone.
jdk_by_asking() {
    if [ -x /usr/libexec/java_home ]; then
        jdk=$(/usr/libexec/java_home -v 25+ 2>/dev/null) && is_jdk "$jdk" && return 0
    fi
    java=$(command -v java) || return 1
    [ "$java" = /usr/bin/java ] && return 1
    jdk=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    is_jdk "$jdk"
}

find_jdk() {
    jdk=${JAVA_HOME:-/nonexistent}
    is_jdk "$jdk" || jdk_on_path || jdk_installed || jdk_by_asking || {
        echo "clew: needs a JDK 25 or newer and found none: install one (Debian: sudo apt install openjdk-25-jdk;" \
             "Fedora: sudo dnf install java-25-openjdk-devel; macOS: brew install openjdk@25;" \
             "Windows: winget install EclipseAdoptium.Temurin.25.JDK) or set JAVA_HOME to it." >&2
        return 1
    }
}

# Becomes the build; the flags make a short-lived JVM start sooner.
run_build() {
    exec "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$root/build-tools/Build.java" "$root" "$@"
}
