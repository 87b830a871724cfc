@rem build VERB [MAVEN OPTION]...: finds a JDK 25 or newer and runs Maven under it; build help lists the verbs.
@setlocal
@set "ROOT=%~dp0"
@set "ROOT=%ROOT:~0,-1%"
@call "%ROOT%\build-tools\jdk.cmd" || exit /b 1
@"%JDK%\bin\java.exe" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "%ROOT%\build-tools\Build.java" "%ROOT%" %*
@exit /b %ERRORLEVEL%
