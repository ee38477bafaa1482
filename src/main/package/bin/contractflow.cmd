@echo off
rem Starts ContractFlow in CONTRACTFLOW_HOME or, without it, in the folder that this installation lies in: settings, routes,
rem statements and the folders of the settings are looked for there. A feed that is named on the command line is looked for
rem where it was named.
rem
rem JAVA_HOME says which Java, JAVA_OPTS what else it is told.
setlocal
for %%I in ("%~dp0..") do set "INSTALLATION=%%~fI"
set "CALLER=%CD%"
if not defined CONTRACTFLOW_HOME set "CONTRACTFLOW_HOME=%INSTALLATION%"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set "VERSION="
for /f "tokens=3" %%V in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do set "VERSION=%%~V"
if not defined VERSION goto absent
for /f "delims=.-+" %%M in ("%VERSION%") do set "MAJOR=%%M"
if %MAJOR% lss 17 goto old

cd /d "%CONTRACTFLOW_HOME%" || goto homeless
rem The dot keeps the backslash of C:\ from the quotation mark.
"%JAVA%" %JAVA_OPTS% "-Dcontractflow.caller=%CALLER%\." -cp "%INSTALLATION%\lib\*" contractflow.ContractFlow %*
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
