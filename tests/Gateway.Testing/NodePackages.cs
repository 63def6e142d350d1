using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Testing;

/// <summary>The npm packages of a folder of tests, installed when they are missing or older than their lock.</summary>
public sealed class NodePackages
{
    private readonly Lazy<Task> _installed;

    private NodePackages(string folder)
    {
        Folder = Path.Combine(Repository.Root, "tests", folder);
        _installed = new(() => Task.Run(Install));
    }

    /// <summary>Other people's clients and servers.</summary>
    public static NodePackages Foreign { get; } = new("foreign");

    /// <summary>Other people's generators of clients, and linters.</summary>
    public static NodePackages Generators { get; } = new("generators");

    /// <summary>Where they are.</summary>
    public string Folder { get; }

    /// <summary>The Node.js that its programs run on: one that is among the packages, else the system's. Known once they are there.</summary>
    public string Node => Path.Combine(Folder, "node_modules", ".bin", "node") is var own && File.Exists(own) ? own : "node";

    /// <summary>Completes when the packages are there; installs once, whichever test processes run at the same time.</summary>
    public Task EnsureInstalledAsync() => _installed.Value;

    /// <summary>Starts a program of Node.js, or says what is missing.</summary>
    internal static Process Start(ProcessStartInfo start)
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

    private void Install()
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
    private bool IsUpToDate()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        return File.Exists(installed) &&
            File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));
    }

    private void RunNpm()
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
            throw new InvalidOperationException($"'npm ci' in {Folder} failed:\n{output}");
        }
    }
}
