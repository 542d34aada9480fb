// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "childprocess.h"

#include <windows.h>

#include <cstdio>
#include <cstdlib>

namespace support {

struct ChildProcess::Process
{
    HANDLE handle = nullptr;
    DWORD pid = 0;
    HANDLE input = nullptr;
    HANDLE output = nullptr;
};

void ChildProcess::setProgram(const char *) { }

void ChildProcess::execute() { }

ChildProcess::ChildProcess()
    : m_process(new Process)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, nullptr, TRUE};
    HANDLE theirInput = nullptr;
    HANDLE theirOutput = nullptr;
    CreatePipe(&theirInput, &m_process->input, &inherited, 0);
    CreatePipe(&m_process->output, &theirOutput, &inherited, 0);
    SetHandleInformation(m_process->input, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(m_process->output, HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOW startup = {};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = theirInput;
    startup.hStdOutput = theirOutput;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    std::wstring path(32768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    std::wstring command = L"\"" + path + L"\" --child";
    PROCESS_INFORMATION process = {};
    // Wine reports an internal error when a new process ends before it reaches its program.
    constexpr int StartTries = 3;
    bool isStarted = false;
    for (int tries = 0; !isStarted && tries < StartTries; ++tries) {
        isStarted =
            CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process)
            != 0;
        if (!isStarted && GetLastError() != ERROR_INTERNAL_ERROR)
            break;
    }
    CloseHandle(theirInput);
    CloseHandle(theirOutput);
    m_process->handle = process.hProcess;
    m_process->pid = process.dwProcessId;
    if (!isStarted || line() != "ready") {
        std::fprintf(stderr, "a child process does not start: error %lu\n", GetLastError());
        std::exit(2);
    }
    CloseHandle(process.hThread);
}

ChildProcess::~ChildProcess()
{
    kill();
    wait();
    closeInput();
    CloseHandle(m_process->output);
    CloseHandle(m_process->handle);
    delete m_process;
}

std::uint64_t ChildProcess::pid() const
{
    return m_process->pid;
}

void ChildProcess::send(const std::string &line)
{
    const std::string text = line + '\n';
    DWORD count = 0;
    WriteFile(m_process->input, text.data(), static_cast<DWORD>(text.size()), &count, nullptr);
}

std::optional<std::string> ChildProcess::line()
{
    // An anonymous pipe has no read with a deadline.
    const auto end = std::chrono::steady_clock::now() + Deadline;
    for (;;) {
        if (const std::size_t at = m_received.find('\n'); at != std::string::npos) {
            std::string line = m_received.substr(0, at);
            m_received.erase(0, at + 1);
            while (line.ends_with('\r'))
                line.pop_back();
            return line;
        }
        DWORD available = 0;
        if (PeekNamedPipe(m_process->output, nullptr, 0, nullptr, &available, nullptr) == 0
            || std::chrono::steady_clock::now() > end)
            return std::nullopt;
        if (available == 0) {
            Sleep(1);
            continue;
        }
        char bytes[4096];
        DWORD count = 0;
        if (ReadFile(m_process->output, bytes, sizeof bytes, &count, nullptr) == 0 || count == 0)
            return std::nullopt;
        m_received.append(bytes, count);
    }
}

void ChildProcess::closeInput()
{
    if (m_process->input)
        CloseHandle(m_process->input);
    m_process->input = nullptr;
}

void ChildProcess::kill()
{
    TerminateProcess(m_process->handle, 9);
}

std::optional<int> ChildProcess::wait()
{
    const auto milliseconds = std::chrono::milliseconds(Deadline).count();
    if (WaitForSingleObject(m_process->handle, static_cast<DWORD>(milliseconds)) != WAIT_OBJECT_0)
        return std::nullopt;
    DWORD code = 0;
    GetExitCodeProcess(m_process->handle, &code);
    return static_cast<int>(code);
}

} // namespace support
