namespace Gateway.Store.Databases;

/// <summary>Files that nobody else is to read.</summary>
internal static class PrivateFile
{
    /// <summary>Read and written by the owner alone: 0600.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// What a secret's file must not have. The group may read: that is how Kubernetes mounts a secret for a process that is not root, and
    /// the rule that PostgreSQL has for its own keys.
    /// </summary>
    public const UnixFileMode Exposed = UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a file, open for its owner alone from the first moment.</summary>
    /// <exception cref="IOException">It is there already, or cannot be made.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return new FileStream(path, options);
    }
}
