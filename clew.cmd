@rem clew VERB ...: finds a JDK 25 or newer, builds if a source is newer than the last build, runs the tool.
@rem CLEW_JAVA_OPTS: more options for the JVM, such as -Xmx8g. Java on Windows decodes its arguments by the system's
@rem code page: a prompt outside it comes by --prompt-file or standard input.
@setlocal
@set "ROOT=%~dp0"
@set "ROOT=%ROOT:~0,-1%"
@call "%ROOT%\build-tools\jdk.cmd" || exit /b 1
@"%JDK%\bin\java.exe" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "%ROOT%\build-tools\Build.java" "%ROOT%" app <nul 1>&2 || exit /b 1
@set "ARCHIVE=%ROOT%\app\target\modules\.classes"
@set "SHARED="
@if exist "%ARCHIVE%" set SHARED="-XX:SharedArchiveFile=%ARCHIVE%"
@set "CUDA="
@set "NATIVE=clew.engine,clew.weights"
@if exist "%ROOT%\cuda\target\modules\.built" set CUDA=-cp "%ROOT%\cuda\target\modules\*"
@if exist "%ROOT%\cuda\target\modules\.built" set "NATIVE=%NATIVE%,ALL-UNNAMED"
@set "OPTIONS=%ROOT%\build-tools\java.options"
@if "%~1"=="train-demo" set "OPTIONS=%ROOT%\build-tools\training.options"
@if not defined CLEW_MAIN set "CLEW_MAIN=clew.app.Main"
@"%JDK%\bin\java.exe" "@%OPTIONS%" -Xshare:auto %SHARED% -Xlog:disable -Xlog:all=warning:stderr -Xlog:cds=off:stderr -Xlog:cds+dynamic=off:stderr -Xlog:gc+ergo=off:stderr -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 --add-modules jdk.incubator.vector --enable-native-access=%NATIVE% %CLEW_JAVA_OPTS% -p "%ROOT%\app\target\modules" %CUDA% -m clew.app/%CLEW_MAIN% %*
@exit /b %ERRORLEVEL%
