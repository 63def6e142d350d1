using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Testing;

/// <summary>The npm packages of tests/foreign, installed when they are missing or older than their lock.</summary>
internal static class NodePackages
{
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "foreign");

    private static readonly Lazy<Task> Installed = new(() => Task.Run(Install));

    /// <summary>Completes when the packages are there; installs once, whichever test processes run at the same time.</summary>
    public static Task EnsureInstalledAsync() => Installed.Value;

    /// <summary>Starts a program of Node.js, or says what is missing.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException(
                $"'{start.FileName}' is not on the PATH. Run 'bash tests/requirements': it installs what the tests need, or names it.");
        }
    }

    private static void Install()
    {
        using var mutex = new Mutex(initiallyOwned: false, "Global\\gateway-foreign-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..16]);
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Another process died while installing; the mutex is ours, and npm starts over.
        }

        try
        {
            if (!IsUpToDate())
            {
                RunNpm();
            }
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    // npm writes its own lock into node_modules last.
    private static bool IsUpToDate()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        return File.Exists(installed) &&
            File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));
    }

    private static void RunNpm()
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var output = new StringBuilder();
        using var npm = Start(start);
        DataReceivedEventHandler collect = (_, line) =>
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        };
        npm.OutputDataReceived += collect;
        npm.ErrorDataReceived += collect;
        npm.BeginOutputReadLine();
        npm.BeginErrorReadLine();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"'npm ci' in tests/foreign failed:\n{output}");
        }
    }
}
