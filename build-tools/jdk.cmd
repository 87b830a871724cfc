@rem Called by clew.cmd and build.cmd: sets JDK to the home of a JDK 25 or newer. jdk.sh is its twin.
@for %%J in ("%JAVA_HOME%") do @call :try "%%~J" && exit /b 0
@for /f "delims=" %%J in ('where java 2^>nul') do @call :try "%%~dpJ.." && exit /b 0
@for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%LOCALAPPDATA%\Programs\Eclipse Adoptium" "%USERPROFILE%\.jdks" "%USERPROFILE%\.sdkman\candidates\java" "%USERPROFILE%\scoop\apps") do @for /d %%J in ("%%~R\*") do @call :try "%%~J" && exit /b 0
@echo clew: needs a JDK 25 or newer and found none: install one (Windows: winget install EclipseAdoptium.Temurin.25.JDK; Debian: sudo apt install openjdk-25-jdk; Fedora: sudo dnf install java-25-openjdk-devel; macOS: brew install openjdk@25) or set JAVA_HOME to it. 1>&2
@exit /b 1

@rem Succeeds if %1 holds a compiler and a release file that says 25 or more, a line such as JAVA_VERSION="25.0.3".
:try
@if not exist "%~1\bin\javac.exe" exit /b 1
@if not exist "%~1\release" exit /b 1
@for /f tokens^=2^ delims^=^" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do @for /f "delims=.-+" %%M in ("%%V") do @if %%M GEQ 25 (
    set "JDK=%~1"
    exit /b 0
)
@exit /b 1
