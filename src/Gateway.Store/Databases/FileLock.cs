namespace Gateway.Store.Databases;

/// <summary>
/// A lock among the processes of one machine: a file that is open for one alone. The system lets go of it with the process, however that
/// ends. The file stays, since removing it would let two have it: one by the old file, one by the new.
/// </summary>
internal sealed class FileLock : HeldLock
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    // A file cannot be taken from the process that holds it.
    public override CancellationToken Lost => CancellationToken.None;

    /// <returns>The lock; null while somebody else has it.</returns>
    public static FileLock? TryTake(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile.Mode;
        }

        try
        {
            return new FileLock(new FileStream(path, options));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
