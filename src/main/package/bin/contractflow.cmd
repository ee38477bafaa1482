@echo off
rem Starts ContractFlow in CONTRACTFLOW_HOME or, without it, in the folder that this installation lies in: settings, routes,
rem statements and the folders of the settings are looked for there. A feed that is named on the command line is looked for
rem where it was named.
rem
rem JAVA_HOME names the Java to use, JAVA_OPTS further options of it. The first run or fetch that succeeds writes an archive of the
rem loaded classes into lib, which later starts read; where it cannot be written, each start is like the first.
setlocal
for %%I in ("%~dp0..") do set "INSTALLATION=%%~fI"
set "CALLER=%CD%"
if not defined CONTRACTFLOW_HOME set "CONTRACTFLOW_HOME=%INSTALLATION%"

set "JAVA="
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else for %%J in (java.exe) do set "JAVA=%%~$PATH:J"
if not defined JAVA goto absent
rem Its file says which version it is; a Java without one has to be started to say it.
set "VERSION="
for %%J in ("%JAVA%") do set "RELEASE=%%~dpJ..\release"
if exist "%RELEASE%" for /f "usebackq tokens=1,2 delims==" %%K in ("%RELEASE%") do if "%%K"=="JAVA_VERSION" set "VERSION=%%~L"
if not defined VERSION for /f "tokens=3" %%V in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do set "VERSION=%%~V"
if not defined VERSION goto absent
for /f "delims=.-+" %%M in ("%VERSION%") do set "MAJOR=%%M"
if %MAJOR% lss 17 goto old

rem Everything but the service: a word that is neither an option nor a profile.
set "COMMAND="
:next
set "WORD=%~1"
if not defined WORD goto begin
if "%WORD%"=="--profile" shift
if not "%WORD:~0,1%"=="-" set "COMMAND=-XX:TieredStopAtLevel=1"
shift
goto next

:begin
rem The archive of loaded classes is for one Java and one version; Java leaves out one that is not of these libraries.
set "ARCHIVE="
for /f "delims=" %%L in ('dir /b "%INSTALLATION%\lib\contractflow-*.jar"') do set "LIBRARY=%INSTALLATION%\lib\%%L"
for %%L in ("%LIBRARY%") do set "FILE=%INSTALLATION%\lib\classes-%VERSION%-%%~nL-%%~zL.jsa"
if exist "%FILE%" set ARCHIVE="-XX:SharedArchiveFile=%FILE%"
if exist "%FILE%" goto run
if not defined COMMAND goto run
del /q "%INSTALLATION%\lib\classes-*.jsa" 2>nul
set ARCHIVE=-XX:+RecordDynamicDumpInfo "-Dcontractflow.class-archive=%FILE%"

:run
cd /d "%CONTRACTFLOW_HOME%" || goto homeless
rem The dot keeps the backslash of C:\ from the quotation mark.
"%JAVA%" -Xlog:disable -Xlog:all=error:stderr %ARCHIVE% %COMMAND% %JAVA_OPTS% "-Dcontractflow.caller=%CALLER%\." -cp "%INSTALLATION%\lib\*" contractflow.ContractFlow %*
exit /b %ERRORLEVEL%

:absent
echo contractflow: there is no Java to be started: install one from version 17, or set JAVA_HOME 1>&2
exit /b 1

:old
echo contractflow: "%JAVA%" is version %VERSION%, and ContractFlow needs Java from 17: set JAVA_HOME 1>&2
exit /b 1

:homeless
echo contractflow: CONTRACTFLOW_HOME is "%CONTRACTFLOW_HOME%", which is no folder that can be entered 1>&2
exit /b 1
