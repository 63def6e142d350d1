using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gateway.Bench.Peers;

/// <summary>
/// The clock that the kernel keeps of a process's processor time, user and kernel, threads that have ended included: in nanoseconds, where
/// <c>/proc/PID/stat</c> tells hundredths of a second.
/// </summary>
internal static class CpuClock
{
    /// <summary>What a process has used since it started.</summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static TimeSpan Read(int process)
    {
        var error = clock_getcpuclockid(process, out var clock);
        if (error != 0)
        {
            throw new Win32Exception(error);
        }

        if (clock_gettime(clock, out var time) != 0)
        {
            throw new Win32Exception();
        }

        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1e3);
    }

    // The names are the C library's.
    [DllImport("libc")]
    private static extern int clock_getcpuclockid(int process, out int clock);

    [DllImport("libc", SetLastError = true)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
