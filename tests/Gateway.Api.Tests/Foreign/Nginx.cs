using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Api.Tests.Foreign;

/// <summary>A running nginx that hands everything on to a gateway. It listens on a socket file in a folder of its own, so it needs neither a port nor root.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    // Debian keeps it off the PATH of users other than root.
    private const string DebianProgram = "/usr/sbin/nginx";

    // From the first line that it logs once it listens: using the "epoll" event method.
    private const string Listens = "event method";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private Nginx(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="gateway">Where the gateway listens.</param>
    /// <param name="settings">Directives that are not at their default.</param>
    public static async Task<Nginx> StartAsync(Uri gateway, string settings = "")
    {
        var folder = Directory.CreateTempSubdirectory("nginx-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), Configuration(folder, gateway, settings));
        var nginx = new Nginx(folder, Start(folder));
        await nginx.ListeningAsync();
        return nginx;
    }

    /// <summary>A client that sends a key, and takes what is compressed.</summary>
    public HttpClient CreateClientWithKey()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://nginx/") };
        client.DefaultRequestHeaders.Add("Authorization", "Key client-key");
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // One process in the foreground, all of whose files lie in the folder; what matters to a stream is left as it is.
    private static string Configuration(DirectoryInfo folder, Uri gateway, string settings) =>
        $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr notice;
        events {}
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen unix:{{SocketIn(folder)}};
            location / {
              proxy_pass {{gateway.GetLeftPart(UriPartial.Authority)}};
              {{settings}}
            }
          }
        }
        """;

    private static string SocketIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "nginx.sock");

    private static Process Start(DirectoryInfo folder)
    {
        try
        {
            var program = File.Exists(DebianProgram) ? DebianProgram : "nginx";
            return Process.Start(new ProcessStartInfo(program, ["-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("nginx is not on the PATH. Run 'bash tests/requirements': it installs what the tests need, or names it.");
        }
    }

    private async Task ListeningAsync()
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                listens.TrySetException(new InvalidOperationException($"nginx ended.\n{_log}"));
                return;
            }

            _log.AppendLine(line.Data);
            if (line.Data.Contains(Listens, StringComparison.Ordinal))
            {
                listens.TrySetResult();
            }
        };
        _process.BeginErrorReadLine();
        await listens.Task;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketIn(_folder)), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
