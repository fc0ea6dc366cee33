@echo off
rem The twin of the shell script beside it: builds Sardonyx if needed, finds a JDK 25, passes the flags that the Vector API needs.
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "BUILT=%ROOT%compiler\target\launch"
set "CACHE=%BUILT%\sardonyx.aot"
set "MARK=built"
set "MODULE=compiler"
set "CLASSES=%BUILT%\*;%BUILT%\lib\*"
call :wants_peer %*

set "JDK="
if defined JAVA_HOME call :try_jdk "%JAVA_HOME%"
for %%j in (java.exe) do if not "%%~$PATH:j" == "" call :try_jdk "%%~dp$PATH:j.."
for /d %%d in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk-*" ^
    "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*") do call :try_jdk "%%~d"
if not defined JDK (
    echo sardonyx: no JDK 25 or newer found: point JAVA_HOME at one, or install one: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
    exit /b 3
)

call :is_built
if errorlevel 1 call :build
if errorlevel 1 exit /b 3

rem Java warns of the incubating Vector API each time it is asked for, so only the commands that run a model ask for it. Java
rem then cannot use its memory of the training, and so need not look for it.
set "VECTORS="
call :wants_vectors %*
if not defined VECTORS set VECTORS="-XX:AOTCache=%CACHE%" "-Xlog:aot*=off"
"%JDK%\bin\java" %VECTORS% --enable-native-access=ALL-UNNAMED "-Dsardonyx.home=%ROOT%." -cp "%CLASSES%" dev.sardonyx.compiler.cli.Main %*
exit /b %ERRORLEVEL%

:wants_vectors
if "%~1" == "" exit /b 0
for %%c in (run verify bench demo) do if "%~1" == "%%c" set "VECTORS=--add-modules=jdk.incubator.vector"
shift
goto wants_vectors

rem Engines to compare with are large: built and loaded only when asked for. (For batch files, = separates words.)
:wants_peer
if "%~1" == "" exit /b 0
if "%~1" == "--peer" (
    set "MARK=built-peer"
    set "MODULE=peer"
    set "CLASSES=%BUILT%\*;%BUILT%\lib\*;%ROOT%peer\target\launch\*;%ROOT%peer\target\launch\lib\*"
)
shift
goto wants_peer

rem Takes folder %1 as the JDK if it is one, of release 25 or newer, and none was taken before.
:try_jdk
if defined JDK exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "FEATURE=0"
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do for /f "delims=.-+" %%f in ("%%~v") do set "FEATURE=%%f"
if %FEATURE% GEQ 25 set "JDK=%~1"
exit /b 0

rem Answers 1 where nothing is built or a source is newer than what is.
:is_built
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; try { $built = (Get-Item -LiteralPath ($env:BUILT + '\' + $env:MARK)).LastWriteTimeUtc } catch { exit 1 }; $sources = 'sardonyx.cmd', 'pom.xml', 'runtime\pom.xml', 'codegen\pom.xml', 'compiler\pom.xml', 'peer\pom.xml', 'runtime\src\main', 'codegen\src\main', 'compiler\src\main', 'peer\src\main' | ForEach-Object { $env:ROOT + $_ }; $changed = @(Get-Item -LiteralPath $sources) + @(Get-ChildItem -Recurse -LiteralPath $sources) | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1; exit [int]($null -ne $changed)"
exit /b %ERRORLEVEL%

rem One build at a time: a folder can be made only once.
:build
if not exist "%BUILT%" mkdir "%BUILT%" 2>nul
if not exist "%BUILT%" (
    echo sardonyx: cannot write to "%BUILT%", where the build goes 1>&2
    exit /b 1
)
mkdir "%BUILT%\lock" 2>nul
if errorlevel 1 (
    echo sardonyx: another build is running; if none is, remove "%BUILT%\lock" 1>&2
    exit /b 1
)
call :build_alone
set "ANSWER=%ERRORLEVEL%"
rmdir "%BUILT%\lock"
exit /b %ANSWER%

:build_alone
where /q mvn
if errorlevel 1 (
    echo sardonyx: no Maven found, which builds Sardonyx: install Maven 3.6.3 or newer ^(choco install maven, scoop install maven^) 1>&2
    exit /b 1
)
echo sardonyx: building, which happens once and after changes... 1>&2
type nul > "%BUILT%\started"
set "JAVA_HOME=%JDK%"
call mvn -B -q -ntp -f "%ROOT%pom.xml" -pl %MODULE% -am -Dfast -Dbuild.folder=target/launch -Dmaven.test.skip=true package > "%BUILT%\build.log" 2>&1 < nul
if errorlevel 1 (
    type "%BUILT%\build.log" 1>&2
    echo sardonyx: the build failed, for the reason above 1>&2
    exit /b 1
)
rem Lets Java remember what it loaded and linked to compile a model, javac for the most part. Without it all works, a second slower.
"%JDK%\bin\java" "-XX:AOTCacheOutput=%CACHE%" --enable-native-access=ALL-UNNAMED -cp "%BUILT%\*;%BUILT%\lib\*" dev.sardonyx.compiler.cli.Main compile "%ROOT%samples\resnet20-cifar10.onnx" -o "%BUILT%\training.jar" > nul 2>&1 < nul
if errorlevel 1 del "%CACHE%" > nul 2>&1
del "%BUILT%\training.jar" > nul 2>&1
copy /y "%BUILT%\started" "%BUILT%\%MARK%" > nul
rem The compiler is part of whatever was built.
move /y "%BUILT%\started" "%BUILT%\built" > nul
exit /b 0
