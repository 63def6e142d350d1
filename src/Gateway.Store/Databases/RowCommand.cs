using System.Data.Common;
using System.Globalization;
using System.Text;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Store.Databases;

/// <summary>
/// A statement about many rows at once, each of which comes as parameters: <c>before (@p0, @p1), (@p2, @p3) after</c>. Every database reads
/// that.
/// </summary>
internal static class RowCommand
{
    /// <summary>Makes as few statements as rows need, one after the other.</summary>
    /// <param name="context">On whose connection, and in whose transaction if there is one.</param>
    /// <param name="before">What stands before the rows.</param>
    /// <param name="row">A row, with <c>{0}</c>, <c>{1}</c> … for its values.</param>
    /// <param name="after">What stands behind the rows.</param>
    /// <param name="rows">The values of each row, all of the same number. None that another row with the same key follows.</param>
    /// <returns>The statements, each to be disposed.</returns>
    public static IEnumerable<DbCommand> Make(
        StoreDatabase database, StoreContext context, string before, string row, string after, IReadOnlyList<object[]> rows)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        var form = CompositeFormat.Parse(row);
        foreach (var chunk in rows.Chunk(database.MaxParameters / rows[0].Length))
        {
            var command = context.Database.GetDbConnection().CreateCommand();
            command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
            var text = new StringBuilder(before);
            foreach (var (at, values) in chunk.Index())
            {
                var names = Array.ConvertAll<object, object>(values, value => Add(command, value));
                text.Append(at == 0 ? " " : ", ").AppendFormat(CultureInfo.InvariantCulture, form, names);
            }

            command.CommandText = text.Append(' ').Append(after).ToString();
            yield return command;
        }
    }

    private static string Add(DbCommand command, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }
}
